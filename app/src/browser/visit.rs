//! Links and forms, answered in place: the page is asked for as the browser would, and what came is put
//! in the place of what is there. Uploads go on meanwhile.
//!
//! The server can't tell this from a browser without scripts and answers both alike: with a page, or,
//! to a form, with the way to one.

use super::{dom, morph, shown, told};
use crate::{sign_in::is_open_page, uploads};
use leptos::{
    prelude::{document, set_timeout, window},
    task::spawn_local,
};
use std::{
    cell::{Cell, RefCell},
    time::Duration,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Document, DomParser, Element, FormData, Headers, HtmlAnchorElement,
    HtmlDialogElement, HtmlElement, HtmlFormElement, MouseEvent, RequestInit, Response,
    ScrollRestoration, SubmitEvent, SupportedType, UrlSearchParams,
};

/// After this long, grey bars stand where the page will be.
const SOON: Duration = Duration::from_millis(250);

const OFFLINE: &str = "The vault did not answer. Check the connection and try again.";

thread_local! {
    /// What is being asked for. A visit takes the place of the one before.
    static UNDER_WAY: RefCell<Option<AbortController>> = const { RefCell::new(None) };
    /// Something changed while a page was being asked for.
    static AGAIN: Cell<bool> = const { Cell::new(false) };
    /// The address of what is shown.
    static SHOWN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Why a page is asked for.
#[derive(Clone)]
enum Why {
    /// Somebody goes there.
    Going,
    /// Somebody goes back, to where the page was scrolled to.
    Back(f64),
    /// A form was sent.
    Sending(HtmlFormElement),
    /// What it shows may have changed.
    Looking,
}

/// Answers links, forms, and the way back.
pub(super) fn listen() {
    dom::on("click", follow);
    dom::on("submit", send);
    SHOWN.set(whole(&here()));
    let back = Closure::<dyn Fn()>::new(|| {
        // Another part of the same page, which the browser finds.
        if SHOWN.with_borrow(|shown| *shown == whole(&here())) {
            return;
        }
        let place = history_state().as_f64().unwrap_or_default();
        begin(here(), None, Why::Back(place));
    });
    window().set_onpopstate(Some(back.as_ref().unchecked_ref()));
    back.forget();
    if let Ok(history) = window().history() {
        let _ = history.set_scroll_restoration(ScrollRestoration::Manual);
    }
}

/// Goes to a page of the vault.
pub(crate) fn go(address: &str) {
    begin(address.to_owned(), None, Why::Going);
}

/// Shows the page as it is now.
pub(super) fn refresh() {
    if UNDER_WAY.with_borrow(Option::is_some) {
        AGAIN.set(true);
    } else {
        begin(here(), None, Why::Looking);
    }
}

/// The address of the page.
pub(super) fn here() -> String {
    window().location().href().unwrap_or_default()
}

/// An address without the part of the page.
fn whole(address: &str) -> String {
    let (whole, _) = address.split_once('#').unwrap_or((address, ""));
    whole.to_owned()
}

/// Corrects the address of what is shown.
pub(super) fn correct(address: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&history_state(), "", Some(address));
        SHOWN.set(whole(address));
    }
}

fn history_state() -> JsValue {
    let history = window().history();
    history
        .and_then(|history| history.state())
        .unwrap_or(JsValue::NULL)
}

fn follow(event: MouseEvent) {
    let modified = event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || modified {
        return;
    }
    let Some(link) = dom::around::<HtmlAnchorElement>(&event, "a[href]") else {
        return;
    };
    if stays_here(&link) {
        event.prevent_default();
        if let Some(around) = dom::around::<HtmlDialogElement>(&event, "dialog[open]") {
            around.close();
        }
        go(&link.href());
    }
}

/// Whether the link leads to a page that can be shown in place.
fn stays_here(link: &HtmlAnchorElement) -> bool {
    let location = window().location();
    let ours = location
        .origin()
        .is_ok_and(|origin| origin == link.origin());
    let to_part = !link.hash().is_empty()
        && location
            .pathname()
            .is_ok_and(|path| path == link.pathname())
        && location.search().is_ok_and(|query| query == link.search());
    ours && !to_part
        && link.target().is_empty()
        && !link.has_attribute("download")
        && link.rel() != "external"
        && is_page(&link.pathname())
}

/// Whether a page of those who are signed in is there.
fn is_page(path: &str) -> bool {
    let others = ["/api/", "/_fn/", "/pkg/"];
    !is_open_page(path) && !others.iter().any(|prefix| path.starts_with(prefix))
}

fn send(event: SubmitEvent) {
    if event.default_prevented() {
        return;
    }
    let Some(form) = dom::around::<HtmlFormElement>(&event, "form") else {
        return;
    };
    let asked = |name: &str| event.submitter()?.get_attribute(name);
    let method = asked("formmethod").unwrap_or_else(|| form.method());
    // A dialog's own form, and one with files, are the browser's to send.
    if method == "dialog" || form.enctype() == "multipart/form-data" {
        return;
    }
    event.prevent_default();
    if form.has_attribute("aria-busy") {
        return;
    }
    let action = asked("formaction")
        .or_else(|| form.get_attribute("action"))
        .unwrap_or_else(here);
    let Some(fields) = fields(&form) else {
        return;
    };
    if method == "get" {
        let (path, _) = action.split_once('?').unwrap_or((&action, ""));
        go(&format!("{path}?{}", String::from(fields.to_string())));
    } else {
        let _ = form.set_attribute("aria-busy", "true");
        begin(action, Some(fields), Why::Sending(form));
    }
}

fn fields(form: &HtmlFormElement) -> Option<UrlSearchParams> {
    let data = FormData::new_with_form(form).ok()?;
    UrlSearchParams::new_with_str_sequence_sequence(&data).ok()
}

fn begin(address: String, fields: Option<UrlSearchParams>, why: Why) {
    let Ok(controller) = AbortController::new() else {
        return;
    };
    if matches!(why, Why::Going | Why::Sending(_)) {
        note_place();
    }
    if let Some(earlier) = UNDER_WAY.replace(Some(controller.clone())) {
        earlier.abort();
    }
    let elsewhere = matches!(why, Why::Going) && path_of(&address) != path_of(&here());
    if elsewhere {
        let waiting = controller.clone();
        set_timeout(move || show_skeleton(&waiting), SOON);
    }
    spawn_local(async move {
        let answer = ask(&address, fields.as_ref(), &controller).await;
        if controller.signal().aborted() {
            return;
        }
        UNDER_WAY.set(None);
        if let Why::Sending(form) = &why {
            let _ = form.remove_attribute("aria-busy");
        }
        match answer {
            Ok((address, page)) => arrive(&address, &page, &why),
            Err(_) => stay(&why),
        }
        if AGAIN.take() {
            refresh();
        }
    });
}

async fn ask(
    address: &str,
    fields: Option<&UrlSearchParams>,
    controller: &AbortController,
) -> Result<(String, Document), JsValue> {
    let request = RequestInit::new();
    let headers = Headers::new()?;
    headers.set("Accept", "text/html")?;
    request.set_headers_headers(&headers);
    request.set_signal(Some(&controller.signal()));
    if fields.is_some() {
        request.set_method("POST");
        request.set_body_opt_url_search_params(fields);
    }
    let fetched = window().fetch_with_str_and_init(address, &request);
    let response: Response = JsFuture::from(fetched).await?.dyn_into()?;
    let kind = response.headers().get("content-type")?.unwrap_or_default();
    if !kind.starts_with("text/html") {
        return Err(JsValue::NULL);
    }
    let text = JsFuture::from(response.text()?).await?;
    let text = text.as_string().unwrap_or_default();
    let page = DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?;
    // What is asked of a part of a page does not come back with it.
    let part = address.split_once('#').map(|(_, part)| format!("#{part}"));
    Ok((response.url() + &part.unwrap_or_default(), page))
}

fn main_of(page: &Document) -> Option<Element> {
    page.get_element_by_id("main")
}

/// Shows the page that came.
fn arrive(address: &str, page: &Document, why: &Why) {
    let parts = main_of(&document()).zip(main_of(page));
    let Some((old, new)) = parts.filter(|(_, new)| !new.class_list().contains("open-page")) else {
        // Files that are under way are not left for what nobody asked for.
        if matches!(why, Why::Looking) && uploads::are_under_way() {
            return;
        }
        // Signed out, or no page of ours: let the browser find its own way.
        let _ = window().location().set_href(address);
        return;
    };
    let same = path_of(address) == path_of(&here());
    if matches!(why, Why::Looking) {
        told::keep(&old, &new);
    } else {
        remember(address, why);
        SHOWN.set(whole(address));
    }
    document().set_title(&page.title());
    if let Some((rail, next)) = dom::first::<Element>(".rail").zip(next_rail(page)) {
        morph::element(&rail, &next);
    }
    if same && !old.has_attribute("data-waiting") {
        morph::element(&old, &new);
    } else {
        morph::replace(&old, &new);
    }
    if let Why::Sending(form) = why {
        put_away(form, address);
    }
    told::forget();
    shown();
    place(address, same, why);
}

fn next_rail(page: &Document) -> Option<Element> {
    page.query_selector(".rail").ok().flatten()
}

/// A form that worked is emptied, and closed where it had to be opened. A question closes either way:
/// what went wrong stands on the page below it.
fn put_away(form: &HtmlFormElement, address: &str) {
    for question in dom::all::<HtmlDialogElement>("main dialog[open]") {
        question.close();
    }
    if address.contains("__err=") {
        return;
    }
    form.reset();
    let opened = [form.closest("details"), form.query_selector("details")];
    for opened in opened.into_iter().filter_map(|found| found.ok().flatten()) {
        let _ = opened.remove_attribute("open");
    }
    for open in dom::all::<HtmlElement>(":popover-open") {
        let _ = open.hide_popover();
    }
}

/// Notes in the browser's history how far down one is: before grey bars stand there, which are short.
fn note_place() {
    let waiting = main_of(&document()).is_none_or(|main| main.has_attribute("data-waiting"));
    if let (false, Ok(history)) = (waiting, window().history()) {
        let down = window().scroll_y().unwrap_or_default();
        let _ = history.replace_state_with_url(&down.into(), "", None);
    }
}

/// Notes in the browser's history where one is.
fn remember(address: &str, why: &Why) {
    let Ok(history) = window().history() else {
        return;
    };
    let _ = match why {
        Why::Back(_) => history.replace_state_with_url(&history_state(), "", Some(address)),
        Why::Sending(_) if path_of(address) == path_of(&here()) => {
            history.replace_state_with_url(&history_state(), "", Some(address))
        }
        _ if address == here() => Ok(()),
        _ => history.push_state_with_url(&JsValue::NULL, "", Some(address)),
    };
}

/// Scrolls and moves the focus as a browser does that loads a page: else keyboard and screen reader
/// stay on a link that may be gone.
fn place(address: &str, same: bool, why: &Why) {
    let lost = document()
        .active_element()
        .is_none_or(|element| element.tag_name() == "BODY");
    if !same || (lost && !matches!(why, Why::Looking)) {
        focus_main();
    }
    let part = address
        .split_once('#')
        .and_then(|(_, part)| dom::by_id::<Element>(part));
    match (part, why) {
        (Some(part), _) => part.scroll_into_view(),
        (None, Why::Back(down)) => window().scroll_to_with_x_and_y(0.0, *down),
        (None, Why::Going) => window().scroll_to_with_x_and_y(0.0, 0.0),
        (None, Why::Sending(_)) if !same => window().scroll_to_with_x_and_y(0.0, 0.0),
        _ => {}
    }
}

fn focus_main() {
    if let Some(main) = dom::by_id::<HtmlElement>("main") {
        let _ = main.focus();
    }
}

/// No answer came, or one that is no page.
fn stay(why: &Why) {
    if matches!(why, Why::Looking) {
        return;
    }
    let Some(main) = main_of(&document()) else {
        return;
    };
    if main.has_attribute("data-waiting") {
        // Only grey bars are there: the browser says the rest.
        let _ = window().location().reload();
        return;
    }
    if let Ok(banner) = document().create_element("div") {
        banner.set_class_name("banner bad");
        banner.set_text_content(Some(OFFLINE));
        let _ = banner.set_attribute("role", "alert");
        let _ = banner.set_attribute("data-testid", "flash-error");
        let _ = main.prepend_with_node_1(&banner);
    }
}

/// Grey bars, when the page takes its time.
fn show_skeleton(waiting: &AbortController) {
    let still = UNDER_WAY.with_borrow(|now| now.as_ref() == Some(waiting));
    let bars = dom::by_id::<web_sys::HtmlTemplateElement>("skeleton");
    if let (true, Some(main), Some(bars)) = (still, main_of(&document()), bars) {
        let _ = main.set_attribute("data-waiting", "");
        main.set_text_content(None);
        if let Ok(bars) = bars.content().clone_node_with_deep(true) {
            let _ = main.append_child(&bars);
        }
    }
}

fn path_of(address: &str) -> String {
    web_sys::Url::new_with_base(address, &here())
        .map(|url| url.pathname())
        .unwrap_or_default()
}
