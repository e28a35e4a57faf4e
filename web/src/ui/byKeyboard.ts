/** For wide tables without links: what scrolls must be reached by keyboard. */
export const BY_KEYBOARD = { viewportProps: { tabIndex: 0 } };
