/** One kind of request of the option `routes`. */
export interface Route {
  /** `GET /items/{n}`: how operations of it are recorded. */
  name: string;
  method: string;
  path: string;
  /** Statuses that are a right answer. */
  statuses: number[];
  /** What the body must contain; empty: anything. */
  contains: string;
}

const form = /^([A-Z]+) (\/[^\s;]*)(?: (\d{3}(?:,\d{3})*))?(?: ~(.+))?$/;

/** The form of the option, for its check: routes with `;` between. */
export const routesForm = new RegExp(
  `^${form.source.slice(1, -1).replaceAll("(.+)", "([^;]+)")}(?:; ?${form.source.slice(1, -1).replaceAll("(.+)", "([^;]+)")})*$`,
);

/** `GET /items/{n} 200,304 ~text; POST /items 201`. `{n}` in a path or text is the number of the operation. */
export function routesOf(option: string): Route[] {
  return option.split(/; ?/).map(text => {
    const [, method, path, statuses, contains] = form.exec(text.trim())!;
    return {
      name: `${method} ${path}`,
      method: method!,
      path: path!,
      statuses: (statuses ?? "200").split(",").map(Number),
      contains: contains ?? "",
    };
  });
}

/** With the number of the operation put in. */
export const numbered = (text: string, n: number) => text.replaceAll("{n}", String(n));
