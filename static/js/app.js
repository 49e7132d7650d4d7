// One module a behaviour. Everything here only improves pages that work without it.
import "./theme.js";
import "./rail.js";
import "./menus.js";
import "./answers.js";
import "./dialogs.js";
import "./composer.js";
import "./draft.js";
import "./picker.js";
import "./several.js";
import "./trays.js";
import "./dropping.js";
import "./remembered.js";
import "./mask/editor.js";
import "./framing/editor.js";
import "./prompt.js";
import "./steppers.js";
import "./stream.js";
import "./timers.js";
import "./viewer.js";
import "./viewing/lightbox.js";
import "./viewing/compare.js";
import "./copying.js";
import "./shelf.js";
import "./selection.js";
import "./films.js";
import { stayLive } from "./live.js";

stayLive();
