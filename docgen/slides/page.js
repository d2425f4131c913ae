// Shows one slide at a time. Arrows, space and page keys turn the page; Home and End go to its ends; N shows the notes, F fills the screen.
const slides = [...document.querySelectorAll(".slide")];
let now = 0;
function show(number) {
  now = Math.max(0, Math.min(slides.length - 1, number));
  slides.forEach((slide, place) => slide.classList.toggle("now", place === now));
  document.getElementById("progress").style.width = `${((now + 1) / slides.length) * 100}%`;
  history.replaceState(null, "", `#${now + 1}`);
}
function fit() {
  document.body.style.setProperty("--scale", Math.min(innerWidth / 1280, innerHeight / 720));
}
const KEYS = {
  ArrowRight: () => show(now + 1), ArrowDown: () => show(now + 1), PageDown: () => show(now + 1), " ": () => show(now + 1), Enter: () => show(now + 1),
  ArrowLeft: () => show(now - 1), ArrowUp: () => show(now - 1), PageUp: () => show(now - 1), Backspace: () => show(now - 1),
  Home: () => show(0), End: () => show(slides.length - 1),
  n: () => document.body.classList.toggle("noted"),
  f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
};
addEventListener("keydown", (event) => {
  const act = KEYS[event.key] || KEYS[event.key.toLowerCase()];
  if (act && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); act(); }
});
let touched = 0;
addEventListener("touchstart", (event) => { touched = event.changedTouches[0].clientX; }, { passive: true });
addEventListener("touchend", (event) => {
  const moved = event.changedTouches[0].clientX - touched;
  if (Math.abs(moved) > 40) show(now + (moved < 0 ? 1 : -1));
});
addEventListener("resize", fit);
addEventListener("hashchange", () => show((parseInt(location.hash.slice(1), 10) || 1) - 1));
document.body.classList.add("shows");
fit();
show((parseInt(location.hash.slice(1), 10) || 1) - 1);
