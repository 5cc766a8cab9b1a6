// The one script of the site. Every page works without it; each part below only adds to
// a link or form that is already there. Nothing is kept in the browser's storage.
import "htmx.org/dist/htmx.esm.js";
import { drafts } from "./drafts.js";
import { idle } from "./idle.js";
import { keys } from "./keys.js";
import { page } from "./page.js";
import { select } from "./select.js";

keys();
drafts();
select();
idle();
page();
