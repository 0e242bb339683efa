// What `openlit/register` does, with prices given: it would fetch them.
import { Openlit } from "openlit";

Openlit.init({ pricingJson: { chat: {} } });
