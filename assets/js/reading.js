/** How a person likes to read, kept on this device: set before the page is drawn, so that nothing jumps or flashes. */
{
  const known = (name) => {
    try {
      return localStorage.getItem(`elearn-reading-${name}`);
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  if (known("text")) root.dataset.readingText = known("text");
  if (known("theme")) root.dataset.bsTheme = known("theme");
}
