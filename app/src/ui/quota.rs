//! How much room the documents take.

use crate::format;
use leptos::prelude::*;

/// A bar with the numbers in words, which say the same.
#[component]
pub(crate) fn QuotaMeter(
    /// How many bytes are taken.
    used: i64,
    /// How many there are.
    limit: i64,
    /// The hook that tests find it by.
    testid: &'static str,
) -> impl IntoView {
    let limit_or_one = limit.max(1);
    view! {
        <div class="quota" data-testid=testid>
            <meter
                min="0"
                max=limit_or_one.to_string()
                low=(limit_or_one / 10 * 8).to_string()
                high=(limit_or_one / 100 * 95).to_string()
                optimum="0"
                value=used.to_string()
                aria-label="Room taken"
            ></meter>
            <span class="muted tabular">{quota_words(used, limit)}</span>
        </div>
    }
}

fn quota_words(used: i64, limit: i64) -> String {
    format!("{} of {} used", format::size(used), format::size(limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_said_in_words() {
        assert_eq!(quota_words(0, 10_000_000_000), "0 bytes of 10.0 GB used");
        assert_eq!(quota_words(4_200, 5_000), "4.2 kB of 5.0 kB used");
    }

    #[test]
    fn the_bar_says_the_same() {
        let html = view! { <QuotaMeter used=50 limit=1000 testid="q"/> }.to_html();
        for part in [
            "max=\"1000\"",
            "value=\"50\"",
            "low=\"800\"",
            "high=\"950\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn no_room_at_all_still_makes_a_bar() {
        let html = view! { <QuotaMeter used=0 limit=0 testid="q"/> }.to_html();
        assert!(html.contains("max=\"1\""), "{html}");
    }
}
