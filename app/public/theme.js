// Applies the chosen colours before anything is painted, and the choice of keys before any is pressed.
try {
  const theme = localStorage.getItem("theme");
  if (localStorage.getItem("keys") === "off") document.documentElement.setAttribute("data-keys-off", "");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (_) {
  // Storage may be forbidden; the page then follows the system.
}
