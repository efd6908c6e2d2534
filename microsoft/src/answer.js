// What the redirect page posts to a frame that has opened its window.

/** The type of the message, which holds the name of a channel and the message that was sent to it. */
export const ANSWER = "acr-microsoft-answer";

/** Whether a window is a frame of another one. */
export const isFramed = (window) => window !== window.parent;
