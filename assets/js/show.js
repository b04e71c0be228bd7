/** Shows what is typed into a password field, and hides it again. Without this script the server draws it shown. */

for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const field = document.getElementById(button.dataset.show);
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    field.focus();
  });
}
