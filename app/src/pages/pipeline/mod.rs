//! The background work: what runs, what waits, what failed.

mod counts;
mod jobs;
mod own;
mod plot;
mod whole;

pub(crate) use own::PipelinePage;
pub(crate) use whole::WholePipelinePage;

/// What a form that has been sent did.
fn done_words(done: Option<&str>) -> Option<&'static str> {
    match done? {
        "one" => Some("The document is being tried again."),
        "all" => Some("Everything that failed is being tried again."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::done_words;

    #[test]
    fn only_what_was_done_is_said() {
        assert!(done_words(Some("all")).is_some());
        for nothing in [None, Some(""), Some("<b>")] {
            assert_eq!(done_words(nothing), None);
        }
    }
}
