/** A place in a ring. One that stands in none is linked to itself; that of a ring which is its own first and last stands for its ends. */
export class RingLink {
  previous: RingLink = this;
  next: RingLink = this;

  /** Puts a link that stands in no ring before this one: at the end, where this one is a ring's own. */
  putBefore(link: RingLink): void {
    const { previous } = this;
    link.previous = previous;
    link.next = this;
    previous.next = link;
    this.previous = link;
  }

  takeOut(): void {
    this.previous.next = this.next;
    this.next.previous = this.previous;
    this.previous = this;
    this.next = this;
  }
}
