// A reason why there is no dashboard, in words for the users of the page and for its developers.

/** What is the matter, what to do about it, why, and the error that it comes from. */
export class Refusal extends Error {
  constructor(what, remedy, why = "", cause = undefined) {
    super([what, why, remedy].filter(Boolean).join(" "), { cause });
    this.what = what;
    this.why = why;
    this.remedy = remedy;
  }
}
