//! Where signing in begins, and where it leads.

use crate::format;
use leptos::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where somebody goes who came from nowhere in particular.
pub(crate) const HOME: &str = "/documents";

/// Where the second step of signing in is.
pub(crate) const SECOND_FACTOR: &str = "/login/second-factor";

/// Whether that page is there for people who are not signed in.
pub fn is_open_page(path: &str) -> bool {
    matches!(
        path,
        "/login"
            | SECOND_FACTOR
            | "/register"
            | "/setup"
            | "/forgot-password"
            | "/reset-password"
            | "/confirm-email"
    )
}

/// The page to sign in on, which leads on to that path, with its query, afterwards.
pub fn sign_in_address(here: &str) -> String {
    leading_on("/login", Some(here))
}

/// That page's address, which leads on to where somebody wished to go.
pub(crate) fn leading_on(page: &str, wish: Option<&str>) -> String {
    let next = after_sign_in(wish);
    if next == HOME {
        page.to_owned()
    } else {
        format!("{page}?next={}", format::query_value(&next))
    }
}

/// Where to go after signing in: a page of this vault and nothing else, because the wish comes from
/// an address that anybody may have written.
pub(crate) fn after_sign_in(wish: Option<&str>) -> String {
    let wish = wish.filter(|wish| is_local(wish)).unwrap_or(HOME);
    let (path, query) = wish.split_once('?').unwrap_or((wish, ""));
    if is_open_page(path) {
        return HOME.to_owned();
    }
    without_error(path, query)
}

/// Whether that is a path here. Browsers take `//` and `\` for the beginning of another host, and
/// drop some control characters.
fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.contains("//")
        && path.chars().all(|c| c.is_ascii_graphic() && c != '\\')
}

/// An address without what leptos leaves in it when a form failed.
pub fn without_error(path: &str, query: &str) -> String {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            !(pair.is_empty() || pair.starts_with("__err=") || pair.starts_with("__path="))
        })
        .collect();
    if kept.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", kept.join("&"))
    }
}

/// Leads the browser to the page to sign in on, when the session has ended elsewhere. Once: several
/// calls may find out at the same time.
pub(crate) fn lead_there() {
    static LED: AtomicBool = AtomicBool::new(false);
    if !cfg!(target_arch = "wasm32") {
        return;
    }
    let location = window().location();
    let (Ok(path), Ok(query)) = (location.pathname(), location.search()) else {
        return;
    };
    // An error that is still in the address is old news: following it would go round in circles.
    if is_open_page(&path) || query.contains("__err=") || LED.swap(true, Ordering::Relaxed) {
        return;
    }
    let _ = location.set_href(&sign_in_address(&format!("{path}{query}")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_leads_back_to_where_one_was() {
        for here in [
            "/documents/1",
            "/documents?topic=H%C3%A4user&page=2",
            "/a%20b",
        ] {
            assert_eq!(after_sign_in(Some(here)), here);
        }
    }

    #[test]
    fn it_leads_nowhere_else() {
        for wish in [
            "",
            "documents",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/..//evil.example",
            "/documents//x",
            "/\t/evil.example",
            "/\u{0}",
            "/a\r\nSet-Cookie: x=y",
            "/ä",
            " /documents",
            "javascript:alert(1)",
        ] {
            assert_eq!(after_sign_in(Some(wish)), HOME, "{wish:?}");
        }
        assert_eq!(after_sign_in(None), HOME);
    }

    #[test]
    fn it_does_not_go_round_in_circles() {
        assert_eq!(after_sign_in(Some("/login?next=/login")), HOME);
        assert_eq!(after_sign_in(Some("/login/second-factor")), HOME);
        assert_eq!(
            after_sign_in(Some("/topics?__path=%2F_fn%2Fx&a=b&__err=abc")),
            "/topics?a=b"
        );
        assert_eq!(
            sign_in_address("/topics?__err=abc&__path=x"),
            "/login?next=%2Ftopics"
        );
    }

    #[test]
    fn the_way_back_survives_the_address() {
        assert_eq!(sign_in_address("/documents"), "/login");
        assert_eq!(
            sign_in_address("/documents?topic=a&page=2"),
            "/login?next=%2Fdocuments%3Ftopic%3Da%26page%3D2"
        );
        assert_eq!(sign_in_address("//evil.example"), "/login");
        assert_eq!(leading_on(SECOND_FACTOR, None), SECOND_FACTOR);
        assert_eq!(
            leading_on(SECOND_FACTOR, Some("/topics?page=2")),
            "/login/second-factor?next=%2Ftopics%3Fpage%3D2"
        );
        assert_eq!(
            leading_on(SECOND_FACTOR, Some("//evil.example")),
            SECOND_FACTOR
        );
    }

    #[test]
    fn dismissing_an_error_keeps_the_rest_of_the_address() {
        assert_eq!(
            without_error("/setup", "token=dvs_x&__path=%2F_fn&__err=abc"),
            "/setup?token=dvs_x"
        );
        assert_eq!(without_error("/login", "__err=abc"), "/login");
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]
        /// However it is written, a browser that follows it stays here.
        #[test]
        fn any_wish_leads_to_a_page_here(wish in "([/\\\\.:?#&=%@a-z \t\n]{0,12}|\\PC{0,20}|/[a-z]{1,8}(\\?([a-z_]{1,6}=[a-z%/]{0,5}&?){0,4})?)") {
            let to = after_sign_in(Some(&wish));
            proptest::prop_assert!(is_local(&to), "{:?} leads to {:?}", wish, to);
            let (path, _) = to.split_once('?').unwrap_or((&to, ""));
            proptest::prop_assert!(!is_open_page(path), "{:?} goes in a circle", wish);
            proptest::prop_assert_eq!(after_sign_in(Some(&to)), to);
        }
    }
}
