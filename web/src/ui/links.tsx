/** Mantine's buttons and anchors as links to our own pages, whose addresses and parameters are checked. */

import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import { type ComponentPropsWithRef, forwardRef } from "react";

type Native = Omit<ComponentPropsWithRef<"a">, keyof AnchorProps>;

export const AnchorLink = createLink(
  forwardRef<HTMLAnchorElement, AnchorProps & Native>((props, ref) => (
    <Anchor ref={ref} {...props} />
  )),
);

export const ButtonLink = createLink(
  forwardRef<HTMLAnchorElement, ButtonProps & Omit<Native, keyof ButtonProps>>((props, ref) => (
    <Button ref={ref} component="a" {...props} />
  )),
);
