/** Imports a file or a package as Node does. The built library is a script, which cannot, and is given this by the module that loads it. */
export const importModule = (specifier: string): Promise<Readonly<Record<string, unknown>>> =>
  import(specifier) as Promise<Readonly<Record<string, unknown>>>
