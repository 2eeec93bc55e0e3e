//! Dates: absolute in the markup, relative here, because the browser knows the time.

use super::dom;
use crate::format;
use web_sys::HtmlElement;

/// Says how long ago everything was. The absolute date stays as the tooltip.
pub(super) fn tell() {
    let now = (js_sys::Date::now() / 1_000.0) as i64;
    for moment in dom::all::<HtmlElement>("time[datetime]") {
        let at = moment.get_attribute("datetime").unwrap_or_default();
        let at = js_sys::Date::parse(&at) / 1_000.0;
        if let Some(words) = at
            .is_finite()
            .then(|| format::ago(at as i64, now))
            .flatten()
        {
            moment.set_text_content(Some(&words));
        }
    }
}
