/** Which page is at which address. Pages are loaded when they are opened. */

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { readRange } from "@/pages/analytics/range";
import { readContactSearch } from "@/pages/contacts/search";
import { readConversationSearch } from "@/pages/conversations/search";
import { readSearch } from "@/pages/enrollments/search";
import { readNotificationSearch } from "@/pages/notifications/search";
import { readTaskSearch } from "@/pages/tasks/search";
import { findSession } from "@/session/session";
import { Missing } from "@/shell/Missing";
import { Shell } from "@/shell/Shell";
import { Stumbled } from "@/shell/Stumbled";

const root = createRootRoute({ notFoundComponent: Missing, errorComponent: Stumbled });

/* Open to everybody */

const tokenOf = (search: Record<string, unknown>) => ({ token: String(search.token ?? "") });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { next?: string } =>
    typeof search.next === "string" ? { next: search.next } : {},
  component: lazyRouteComponent(() => import("@/pages/sign-in/SignIn"), "SignIn"),
});
const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("@/pages/sign-in/ForgotPassword"), "ForgotPassword"),
});
const setPassword = createRoute({
  getParentRoute: () => root,
  path: "/set-password",
  validateSearch: tokenOf,
  component: lazyRouteComponent(() => import("@/pages/sign-in/SetPassword"), "SetPassword"),
});

/* For those who are signed in */

const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: Shell,
  beforeLoad: async ({ location }) => {
    if ((await findSession()) === null)
      throw redirect({ to: "/sign-in", search: { next: location.href } });
  },
});
const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/campaigns" });
  },
});

const campaigns = createRoute({
  getParentRoute: () => inside,
  path: "/campaigns",
  component: lazyRouteComponent(() => import("@/pages/campaigns/CampaignList"), "CampaignList"),
});
const newCampaign = createRoute({
  getParentRoute: () => inside,
  path: "/campaigns/new",
  component: lazyRouteComponent(() => import("@/pages/campaigns/NewCampaign"), "NewCampaign"),
});
const templates = createRoute({
  getParentRoute: () => inside,
  path: "/campaigns/templates",
  component: lazyRouteComponent(
    () => import("@/pages/templates/TemplateGallery"),
    "TemplateGallery",
  ),
});
const template = createRoute({
  getParentRoute: () => inside,
  path: "/campaigns/templates/$templateId",
  component: lazyRouteComponent(() => import("@/pages/templates/TemplatePage"), "TemplatePage"),
});

const campaign = createRoute({
  getParentRoute: () => inside,
  path: "/campaigns/$campaignId",
  component: lazyRouteComponent(() => import("@/pages/campaigns/CampaignFrame"), "CampaignFrame"),
});
const campaignHome = createRoute({
  getParentRoute: () => campaign,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/campaigns/$campaignId/builder", params });
  },
});
const builder = createRoute({
  getParentRoute: () => campaign,
  path: "/builder",
  component: lazyRouteComponent(() => import("@/pages/builder/Builder"), "Builder"),
});
const campaignAnalytics = createRoute({
  getParentRoute: () => campaign,
  path: "/analytics",
  validateSearch: readRange,
  component: lazyRouteComponent(
    () => import("@/pages/analytics/CampaignAnalytics"),
    "CampaignAnalytics",
  ),
});
const enrollments = createRoute({
  getParentRoute: () => campaign,
  path: "/enrollments",
  validateSearch: readSearch,
  component: lazyRouteComponent(
    () => import("@/pages/enrollments/EnrollmentList"),
    "EnrollmentList",
  ),
});
const enrollment = createRoute({
  getParentRoute: () => campaign,
  path: "/enrollments/$enrollmentId",
  component: lazyRouteComponent(
    () => import("@/pages/enrollments/EnrollmentPage"),
    "EnrollmentPage",
  ),
});
const campaignSettings = createRoute({
  getParentRoute: () => campaign,
  path: "/settings",
  component: lazyRouteComponent(
    () => import("@/pages/campaigns/CampaignSettings"),
    "CampaignSettings",
  ),
});

const analytics = createRoute({
  getParentRoute: () => inside,
  path: "/analytics",
  validateSearch: readRange,
  component: lazyRouteComponent(
    () => import("@/pages/analytics/CompanyAnalytics"),
    "CompanyAnalytics",
  ),
});
const contacts = createRoute({
  getParentRoute: () => inside,
  path: "/contacts",
  validateSearch: readContactSearch,
  component: lazyRouteComponent(() => import("@/pages/contacts/ContactList"), "ContactList"),
});
const importContacts = createRoute({
  getParentRoute: () => inside,
  path: "/contacts/import",
  validateSearch: (search): { job?: string } =>
    typeof search.job === "string" ? { job: search.job } : {},
  component: lazyRouteComponent(() => import("@/pages/contacts/ImportContacts"), "ImportContacts"),
});
const contact = createRoute({
  getParentRoute: () => inside,
  path: "/contacts/$contactId",
  component: lazyRouteComponent(() => import("@/pages/contacts/ContactPage"), "ContactPage"),
});
const conversations = createRoute({
  getParentRoute: () => inside,
  path: "/conversations",
  validateSearch: readConversationSearch,
  component: lazyRouteComponent(
    () => import("@/pages/conversations/Conversations"),
    "Conversations",
  ),
});
const tasks = createRoute({
  getParentRoute: () => inside,
  path: "/tasks",
  validateSearch: readTaskSearch,
  component: lazyRouteComponent(() => import("@/pages/tasks/TaskList"), "TaskList"),
});
const notifications = createRoute({
  getParentRoute: () => inside,
  path: "/notifications",
  validateSearch: readNotificationSearch,
  component: lazyRouteComponent(
    () => import("@/pages/notifications/NotificationList"),
    "NotificationList",
  ),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/pages/settings/SettingsFrame"), "SettingsFrame"),
});
const company = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(
    () => import("@/pages/settings/CompanySettings"),
    "CompanySettings",
  ),
});
const users = createRoute({
  getParentRoute: () => settings,
  path: "/users",
  component: lazyRouteComponent(() => import("@/pages/settings/Users"), "Users"),
});
const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: "/api-keys",
  component: lazyRouteComponent(() => import("@/pages/settings/ApiKeys"), "ApiKeys"),
});
const messageTemplates = createRoute({
  getParentRoute: () => settings,
  path: "/message-templates",
  component: lazyRouteComponent(
    () => import("@/pages/settings/MessageTemplates"),
    "MessageTemplates",
  ),
});
const suppressions = createRoute({
  getParentRoute: () => settings,
  path: "/do-not-contact",
  component: lazyRouteComponent(() => import("@/pages/settings/Suppressions"), "Suppressions"),
});
const profile = createRoute({
  getParentRoute: () => settings,
  path: "/profile",
  component: lazyRouteComponent(() => import("@/pages/settings/Profile"), "Profile"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    forgotPassword,
    setPassword,
    inside.addChildren([
      home,
      campaigns,
      newCampaign,
      templates,
      template,
      campaign.addChildren([
        campaignHome,
        builder,
        campaignAnalytics,
        enrollments,
        enrollment,
        campaignSettings,
      ]),
      analytics,
      contacts,
      importContacts,
      contact,
      conversations,
      tasks,
      notifications,
      settings.addChildren([company, users, apiKeys, messageTemplates, suppressions, profile]),
    ]),
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
