use super::*;
use proptest::prelude::*;
use time::Duration;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-03-01 12:00:10 UTC);

fn rfc() -> Totp {
    Totp(b"12345678901234567890".to_vec().into())
}

/// RFC 6238, appendix B, the SHA-1 rows, the last six of their eight digits.
#[test]
fn the_vectors_of_the_standard_hold() {
    for (seconds, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        let time = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        assert_eq!(rfc().code_at(time).as_deref(), Some(code), "{seconds}");
        assert_eq!(rfc().check(code, time, None), Some(seconds / 30));
    }
}

/// RFC 4226, appendix D.
#[test]
fn the_counter_vectors_hold() {
    let codes = [
        755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489,
    ];
    for (counter, code) in codes.into_iter().enumerate() {
        assert_eq!(hotp(b"12345678901234567890", counter as u64), Some(code));
    }
}

#[test]
fn the_neighbouring_steps_are_accepted_and_no_others() {
    let totp = rfc();
    let present = step_at(NOW);
    for (offset, accepted) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
        let code = totp.code(present + offset).unwrap();
        let expected = accepted.then_some(present + offset);
        assert_eq!(totp.check(&code, NOW, None), expected, "{offset}");
    }
}

#[test]
fn a_code_works_once() {
    let totp = rfc();
    let code = totp.code_at(NOW).unwrap();
    let step = totp.check(&code, NOW, None).unwrap();
    assert_eq!(totp.check(&code, NOW, Some(step)), None);
    let later = NOW + Duration::seconds(30);
    assert_eq!(totp.check(&code, later, Some(step)), None);
    let next = totp.code_at(later).unwrap();
    assert_eq!(totp.check(&next, later, Some(step)), Some(step + 1));
    assert_eq!(totp.check(&code, NOW, Some(step - 1)), Some(step));
    let before = totp.code(step - 1).unwrap();
    assert_eq!(totp.check(&before, NOW, Some(step)), None);
}

#[test]
fn spaces_are_ignored_and_nothing_else_is() {
    let totp = rfc();
    let code = totp.code_at(NOW).unwrap();
    let (left, right) = code.split_at(3);
    for good in [
        format!("{left} {right}"),
        format!(" {code}\n"),
        format!("{left}\u{a0}{right}"),
    ] {
        assert!(totp.check(&good, NOW, None).is_some(), "{good:?}");
    }
    let arabic: String = code
        .chars()
        .filter_map(|c| char::from_u32(0x0660 + c.to_digit(10)?))
        .collect();
    for bad in [
        String::new(),
        code[..5].to_owned(),
        format!("{code}0"),
        format!("0{code}"),
        format!("{left}-{right}"),
        format!("+{}", &code[1..]),
        arabic,
    ] {
        assert_eq!(totp.check(&bad, NOW, None), None, "{bad:?}");
    }
}

#[test]
fn another_secret_has_other_codes() {
    let codes = |totp: &Totp| -> Vec<_> { (0..4).map(|step| totp.code(step)).collect() };
    assert_ne!(codes(&Totp::generate()), codes(&Totp::generate()));
}

#[test]
fn times_before_the_epoch_have_no_code() {
    let time = datetime!(1969-12-31 00:00 UTC);
    assert_eq!(rfc().code_at(time), None);
    assert_eq!(rfc().check("000000", time, None), None);
}

#[test]
fn the_secret_reads_back_and_is_not_shown() {
    let totp = rfc();
    let text = totp.base32();
    assert_eq!(text.expose_secret(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let read = Totp::from_base32(text.expose_secret()).unwrap();
    assert_eq!(read.code_at(NOW), totp.code_at(NOW));
    assert_eq!(format!("{totp:?}"), "Totp(redacted)");
    for bad in [
        "",
        "GEZDGNBVGY3TQOJQ",
        "gezdgnbvgy3tqojqgezdgnbvgy3tqojq",
        "0000",
    ] {
        assert!(Totp::from_base32(bad).is_none(), "{bad}");
    }
}

#[test]
fn the_address_for_the_app_is_encoded() {
    assert_eq!(
        rfc().provisioning_uri("My: vault & co", "ada+1@example.org"),
        "otpauth://totp/My%20vault%20%26%20co:ada%2B1%40example.org\
         ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=My%20vault%20%26%20co\
         &algorithm=SHA1&digits=6&period=30"
    );
}

proptest! {
    #[test]
    fn any_text_has_an_answer(code in "[0-9 ]{5,8}|\\PC{0,12}", seconds in -400_000_000_000_i64..200_000_000_000, last: Option<i64>) {
        let Ok(now) = OffsetDateTime::from_unix_timestamp(seconds) else { return Ok(()) };
        if let Some(step) = rfc().check(&code, now, last) {
            prop_assert!(last.is_none_or(|last| step > last));
        }
    }

    #[test]
    fn the_shown_code_is_accepted_until_its_step_is_used(seconds in 0_i64..200_000_000_000) {
        let now = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let totp = Totp::generate();
        let code = totp.code_at(now).unwrap();
        let step = totp.check(&code, now, None).unwrap();
        prop_assert!(step >= step_at(now));
        prop_assert_eq!(totp.check(&code, now, Some(step)), None);
    }

    #[test]
    fn any_text_is_a_secret_or_not(text in "[A-Z2-7]{31,33}|\\PC{0,40}") {
        if let Some(totp) = Totp::from_base32(&text) {
            let written = totp.base32();
            prop_assert_eq!(written.expose_secret(), &text);
        }
    }
}
