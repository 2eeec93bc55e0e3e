//! Paths of parts: what is kept, what is refused.
#![allow(clippy::unwrap_used)]

use domain::PartPath;
use proptest::prelude::*;

fn kept(raw: &str) -> String {
    PartPath::parse(raw).unwrap().as_str().to_owned()
}

#[test]
fn folders_stay_and_separators_are_ours() {
    assert_eq!(kept("a/b/c.txt"), "a/b/c.txt");
    assert_eq!(kept("a\\b\\c.txt"), "a/b/c.txt");
    assert_eq!(kept("./a//b.txt"), "a/b.txt");
    assert_eq!(kept(" Übersicht / Jänner.pdf"), "Übersicht/Jänner.pdf");
    assert_eq!(kept("a/\u{202e}fdp.exe"), "a/fdp.exe");
    assert_eq!(PartPath::parse("a/b.txt").unwrap().name().as_str(), "b.txt");
}

#[test]
fn what_leads_out_is_refused() {
    for raw in [
        "../a.txt",
        "a/../../b",
        "/etc/passwd",
        "\\\\host\\a",
        "C:\\a.txt",
        "a/..",
        "..",
        ". . /..\\x",
    ] {
        assert!(PartPath::parse(raw).is_err(), "{raw}");
    }
    for raw in ["", "/", ".", "a\0/ "] {
        let parsed = PartPath::parse(raw);
        assert!(
            parsed.is_err() || parsed.unwrap().as_str() == "a",
            "{raw:?}"
        );
    }
    assert!(PartPath::parse(&"a/".repeat(400)).is_err());
    assert!(PartPath::parse(&"a".repeat(256)).is_err());
}

#[test]
fn a_number_goes_before_the_extension() {
    let numbered = |raw: &str| {
        let path = PartPath::parse(raw).unwrap().numbered(2).unwrap();
        path.as_str().to_owned()
    };
    assert_eq!(numbered("a/b.txt"), "a/b (2).txt");
    assert_eq!(numbered("a.b/c"), "a.b/c (2)");
    assert_eq!(numbered("a/.hidden"), "a/.hidden (2)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn any_path_is_safe_or_refused(raw in "\\PC{0,40}|([./\\\\a:\u{0}\u{202e} ]{0,20})") {
        if let Ok(path) = PartPath::parse(&raw) {
            prop_assert!(path.as_str().split('/').all(|step| !step.is_empty() && step != "." && step != ".."));
            prop_assert!(!path.as_str().starts_with('/') && !path.as_str().chars().any(char::is_control));
            prop_assert!(path.as_str().chars().count() <= PartPath::MAX_CHARS);
            // What was kept once is kept as it is.
            prop_assert_eq!(PartPath::parse(path.as_str()).unwrap(), path);
        }
    }
}
