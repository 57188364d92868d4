/** Web Awesome's dark mode is a class; our own colours follow the system by media query. This keeps the two together. */
let follows = false;

export function followColorScheme(): void {
  if (follows) return;
  follows = true;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    document.documentElement.classList.toggle('wa-dark', dark.matches);
  };
  dark.addEventListener('change', apply);
  apply();
}
