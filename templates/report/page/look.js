export const dark = matchMedia("(prefers-color-scheme: dark)");
export const narrow = matchMedia("(max-width: 640px)");

/** A colour or font of the style sheet, as it is in the scheme of the moment. */
export const style = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** A number without zeros at its end. */
export const trim = (n, digits) => String(Number(n.toFixed(digits)));
