/** Chapters of the configuration page, in reading order. */
export type Group =
  | "connection"
  | "network"
  | "limits"
  | "server"
  | "callers"
  | "policy"
  | "behaviour"
  | "logging"
  | "oauth"
  | "oauth-server"
  | "store";

/** `everyone`: whoever starts a server. `operator`: whoever runs one for other people. */
export type Audience = "everyone" | "operator";

/** What a value may be. Defaults and examples are written as the user would write them. */
export type ValueType =
  | { readonly type: "string" | "secret" | "boolean" | "headers" | "json" | "regex" | "uuid" }
  /** A file that must be readable; `contains` is text it must hold. */
  | { readonly type: "path"; readonly contains?: string | undefined }
  | { readonly type: "url"; readonly schemes: readonly string[] }
  | { readonly type: "integer" | "number"; readonly min: number; readonly max: number }
  | {
      readonly type: "enum";
      readonly values: readonly string[];
      /** Other accepted words and the value each stands for. */
      readonly synonyms?: Readonly<Record<string, string>> | undefined;
    }
  /** `comma`: names; `space`: OAuth scopes, which also take commas. */
  | { readonly type: "list"; readonly separator: "comma" | "space" }
  /** `domains`: bare names; `hosts`: with an optional port; `origins`: as a browser sends them. */
  | { readonly type: "domains" | "hosts" | "origins" };

interface SettingFacts {
  /** Environment name. */
  readonly name: string;
  /** Other spellings of the same environment name, e.g. the lower-case proxy names. */
  readonly aliases?: readonly string[] | undefined;
  /** Long flag. Switches can also be written `--no-…` and `--…=false`. */
  readonly flag?: string | undefined;
  /** The two settings that differ only in the product share one family, e.g. `{P}_URL`. */
  readonly family?: string | undefined;
  readonly group: Group;
  readonly audience: Audience;
  /** One sentence for `--help`, the example file and the configuration page. */
  readonly summary: string;
  readonly default?: string | undefined;
  /** What the page says instead of a default when that depends on other settings. */
  readonly defaultNote?: string | undefined;
  readonly example?: string | undefined;
  /** The value never appears in any output, and `NAME_FILE` may name a file that holds it. */
  readonly secret?: true | undefined;
  /** An empty value says "none" instead of "not set". */
  readonly emptyMeansNone?: true | undefined;
  /** Names a file that is written to. */
  readonly writes?: true | undefined;
  /** Belongs to the machine rather than to this program: a bad value is skipped with a notice. */
  readonly ambient?: true | undefined;
  /** Known by name but without effect so far; says why or what is missing. */
  readonly notWired?: string | undefined;
}

/** One setting: everything the loader, `--help`, the example file and the page need to know. */
export type Setting = SettingFacts & ValueType;

export type Product = "jira" | "confluence";

/** How a product is written in names, flags and sentences. */
export interface ProductWords {
  readonly product: Product;
  readonly env: "JIRA" | "CONFLUENCE";
  readonly title: "Jira" | "Confluence";
}

export const productWords: Readonly<Record<Product, ProductWords>> = {
  jira: { product: "jira", env: "JIRA", title: "Jira" },
  confluence: { product: "confluence", env: "CONFLUENCE", title: "Confluence" },
};

/** A setting without the product in its name: `suffix` is `URL` for `JIRA_URL` and `CONFLUENCE_URL`. */
export type ProductSetting = Omit<SettingFacts, "name" | "flag" | "family"> &
  ValueType & {
    readonly suffix: string;
    /** `url` for `--jira-url` and `--confluence-url`. */
    readonly flagSuffix?: string | undefined;
  };

/** Declares settings once for both products: all of Jira's first, then all of Confluence's. */
export function forEachProduct(settings: readonly ProductSetting[]): Setting[] {
  return Object.values(productWords).flatMap(({ product, env }) =>
    settings.map(({ suffix, flagSuffix, ...facts }) => ({
      ...facts,
      name: `${env}_${suffix}`,
      family: `{P}_${suffix}`,
      flag: flagSuffix === undefined ? undefined : `--${product}-${flagSuffix}`,
    })),
  );
}
