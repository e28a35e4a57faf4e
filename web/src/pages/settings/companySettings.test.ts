import { expect, test } from "vitest";
import { changesOf, formOf } from "./companySettings";

const FORM = formOf({
  company_name: "Summit Roofing",
  postal_address: null,
  timezone: "America/Denver",
  review_link: "https://reviews.example/",
  calendar_link: null,
  booking_link: null,
  from_email: null,
  from_name: null,
  sms_number: null,
  alert_email: null,
  won_stage: "won",
  attribution_days: 90,
  daily_send_cap: 500,
  contact_daily_cap: null,
});

test("only what differs is told", () => {
  expect(changesOf({ ...FORM, postal_address: "100 Ridge Road " }, FORM)).toEqual({
    postal_address: "100 Ridge Road",
  });
  expect(changesOf({ ...FORM, company_name: "Summit Roofing " }, FORM)).toEqual({});
});

test("what was emptied is none", () => {
  expect(changesOf({ ...FORM, review_link: "", daily_send_cap: "" }, FORM)).toEqual({
    review_link: null,
    daily_send_cap: null,
  });
});
