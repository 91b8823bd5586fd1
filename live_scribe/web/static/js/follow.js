/** A pane that stays at its end while the reader is there, and offers the way back when they are not. */
import { button } from "./dom.js";
import { S } from "./strings.js";

const NEAR_PX = 60;

export class Follow {
  /** `pane` scrolls; `live()` returns what to bring into view on a jump, null for the end. */
  constructor(pane, live = () => null) {
    this.pane = pane;
    this.live = live;
    this.following = true;
    this.jump = button({ kind: "button jump", hidden: true, on: { click: () => this.toLive() } }, "down", S.jump);
    pane.addEventListener("scroll", () => this.scrolled(), { passive: true });
  }

  scrolled() {
    this.following = this.pane.scrollHeight - this.pane.scrollTop - this.pane.clientHeight < NEAR_PX;
    if (this.following) this.jump.hidden = true;
  }

  /** To be called when something has been added. */
  grown() {
    if (this.following) this.pane.scrollTop = this.pane.scrollHeight;
    else this.jump.hidden = this.inView(this.live());
  }

  inView(node) {
    if (!node) return false;
    const [at, pane] = [node.getBoundingClientRect(), this.pane.getBoundingClientRect()];
    return at.bottom > pane.top && at.top < pane.bottom;
  }

  toLive() {
    const newest = this.live();
    if (newest) newest.scrollIntoView({ block: "center" });
    else this.pane.scrollTop = this.pane.scrollHeight;
    this.jump.hidden = true;
  }
}
