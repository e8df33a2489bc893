// The question before anything is lost or paid for.
const dialog = document.getElementById("confirm");

export function isConfirmed(question, consequence, consent) {
  document.getElementById("question").textContent = question;
  document.getElementById("consequence").textContent = consequence;
  document.getElementById("consent").textContent = consent;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
