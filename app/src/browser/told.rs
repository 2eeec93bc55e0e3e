//! What a form did is told once, where the page has a place for it (`data-told`).

use super::{dom, visit};
use web_sys::Element;

/// Leaves it where it stands while the page shows itself anew, whose address says it no more.
pub(super) fn keep(old: &Element, new: &Element) {
    let told = |page: &Element| page.query_selector("[data-told]").ok().flatten();
    if let Some((old, new)) = told(old).zip(told(new))
        && let Ok(copy) = old.clone_node_with_deep(true)
    {
        let _ = new.replace_with_with_node_1(&copy);
    }
}

/// Takes it out of the address, once it is told: a page that is loaded again would tell it anew.
pub(super) fn forget() {
    let told = dom::first::<Element>("main [data-told]").is_some();
    if let Some(rest) = without(&visit::here()).filter(|_| told) {
        visit::correct(&rest);
    }
}

/// The address without what a form did; nothing where it does not say that.
fn without(address: &str) -> Option<String> {
    let (path, query) = address.split_once('?')?;
    let is_told = |pair: &&str| {
        let (name, _) = pair.split_once('=').unwrap_or((pair, ""));
        matches!(name, "done" | "count" | "left" | "batch")
    };
    if !query.split('&').any(|pair| is_told(&pair)) {
        return None;
    }
    let rest: Vec<&str> = query.split('&').filter(|pair| !is_told(pair)).collect();
    Some(match rest.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", rest.join("&")),
    })
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn only_what_was_told_leaves_the_address() {
        let told = "http://vault.test/documents?topic=a&page=2&done=deleted&count=3&left=0";
        assert_eq!(
            without(told).as_deref(),
            Some("http://vault.test/documents?topic=a&page=2")
        );
        assert_eq!(without("/pipeline?done=all").as_deref(), Some("/pipeline"));
        for nothing in ["/documents", "/documents?topic=done", "/documents?name="] {
            assert_eq!(without(nothing), None, "{nothing}");
        }
    }
}
