/** Version of the plugin `plugins/holdfast`, which the resource classes of the platforms speak to. */
export const pluginVersion = "0.1.0";
