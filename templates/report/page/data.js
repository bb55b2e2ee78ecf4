/** What the page was given, as `Charts` of report/view/charts.ts describes it. */
export const {from, to, bands, phases, workloads} = JSON.parse(document.getElementById("data").textContent);
