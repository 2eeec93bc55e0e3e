//! The cookies that keep a browser signed in.

use http::{HeaderMap, HeaderValue, Uri, header};
use secrecy::ExposeSecret;
use services::SignedIn;

const ACCESS: &str = "docuvault-access";
const REFRESH: &str = "docuvault-refresh";

/// What a browser keeps for a while, out of reach of scripts.
///
/// A form is answered by a redirect, and neither its address nor the database may hold what the next
/// page needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// What was typed into a form that was refused, for the page that shows the form again.
    Typed,
    /// The same of a topic's form, with the topic that it is about.
    TypedTopic,
    /// A new API token, for the page that shows it once.
    NewToken,
    /// The token of a sign-in whose second factor has not been shown yet.
    PendingSignIn,
    /// The secret of an authenticator app, while it is being set up.
    TotpSecret,
    /// New recovery codes, for the page that shows them once.
    RecoveryCodes,
    /// A link that an admin made for somebody else, for the page that shows it once.
    Link,
    /// Whether documents are shown as a list or a grid.
    View,
}

impl Kept {
    pub(crate) const ALL: [Self; 8] = [
        Self::Typed,
        Self::TypedTopic,
        Self::NewToken,
        Self::PendingSignIn,
        Self::TotpSecret,
        Self::RecoveryCodes,
        Self::Link,
        Self::View,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Typed => "docuvault-typed",
            Self::TypedTopic => "docuvault-typed-topic",
            Self::NewToken => "docuvault-new-token",
            Self::PendingSignIn => "docuvault-second-factor",
            Self::TotpSecret => "docuvault-new-app",
            Self::RecoveryCodes => "docuvault-new-codes",
            Self::Link => "docuvault-new-link",
            Self::View => "docuvault-view",
        }
    }

    /// For how many seconds.
    fn lasts(self) -> i64 {
        match self {
            Self::Typed | Self::TypedTopic | Self::NewToken | Self::RecoveryCodes | Self::Link => {
                60
            }
            Self::PendingSignIn => 300,
            Self::TotpSecret => 900,
            Self::View => 31_536_000,
        }
    }
}

/// How many cookies are looked at; other applications on the same host may have set some.
const MOST_COOKIES: usize = 64;

/// The longest value that is taken: what browsers keep at most.
const MOST_BYTES: usize = 4096;

/// How a browser carries its session.
///
/// The cookies are `Secure` and named with `__Host-` where browsers accept that: on https, and on the
/// own machine, which they trust. A vault that is reached over plain http in a home network has to do
/// without both, or nobody could sign in there; whoever listens on such a network reads the documents
/// anyway.
#[derive(Clone, Copy, Debug)]
pub struct SessionCookies {
    secure: bool,
}

/// What a browser sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presented {
    /// The access token, whatever it is worth.
    pub access: Option<String>,
    /// The refresh token, whatever it is worth.
    pub refresh: Option<String>,
}

impl SessionCookies {
    /// As it has to be where people reach the vault at that address.
    pub fn for_public_url(url: &str) -> Self {
        let secure = url.parse::<Uri>().is_ok_and(|url| {
            url.scheme_str() == Some("https")
                || matches!(url.host(), Some("localhost" | "127.0.0.1" | "[::1]"))
        });
        Self { secure }
    }

    /// `Set-Cookie` for somebody who signed in.
    ///
    /// Both cookies last as long as the refresh token: the access token says itself when it ends, and
    /// only the two together can be renewed.
    pub fn set(&self, signed_in: &SignedIn) -> [HeaderValue; 2] {
        // Both tokens were made at once: by so much the refresh token outlives the other.
        let lasts = signed_in.refresh_expires_at - signed_in.access_expires_at;
        self.both(
            signed_in.access_token.expose_secret(),
            signed_in.refresh_token.expose(),
            lasts.whole_seconds().max(0),
        )
    }

    /// `Set-Cookie` for somebody who is no longer signed in.
    pub fn clear(&self) -> [HeaderValue; 2] {
        self.both("", "", 0)
    }

    /// What the browser sent.
    pub fn read(&self, headers: &HeaderMap) -> Presented {
        Presented {
            access: self.value(headers, ACCESS),
            refresh: self.value(headers, REFRESH),
        }
    }

    /// Whether an answer sets or clears the session. Other cookies do not count: an answer that only
    /// has the browser keep something must still carry a session that was renewed on its way in.
    pub fn are_in(&self, answer: &HeaderMap) -> bool {
        let begins = [ACCESS, REFRESH].map(|name| format!("{}=", self.name(name)));
        answer
            .get_all(header::SET_COOKIE)
            .iter()
            .filter_map(|cookie| cookie.to_str().ok())
            .any(|cookie| begins.iter().any(|begin| cookie.starts_with(begin)))
    }

    /// `Set-Cookie` that has the browser keep something.
    pub(crate) fn keep(&self, what: Kept, value: &str) -> HeaderValue {
        self.cookie(what.name(), value, what.lasts())
    }

    /// What the browser kept.
    pub(crate) fn kept(&self, what: Kept, headers: &HeaderMap) -> Option<String> {
        self.value(headers, what.name())
    }

    /// `Set-Cookie` once it was used.
    pub(crate) fn forget(&self, what: Kept) -> HeaderValue {
        self.cookie(what.name(), "", 0)
    }

    fn both(&self, access: &str, refresh: &str, seconds: i64) -> [HeaderValue; 2] {
        [
            self.cookie(ACCESS, access, seconds),
            self.cookie(REFRESH, refresh, seconds),
        ]
    }

    fn cookie(&self, name: &str, value: &str, seconds: i64) -> HeaderValue {
        let (name, secure) = (self.name(name), if self.secure { "; Secure" } else { "" });
        let text =
            format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        // Tokens are base64url and dots. Browsers ignore an empty header.
        let mut header =
            HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
        header.set_sensitive(true);
        header
    }

    fn name(&self, name: &str) -> String {
        let prefix = if self.secure { "__Host-" } else { "" };
        format!("{prefix}{name}")
    }

    fn value(&self, headers: &HeaderMap, name: &str) -> Option<String> {
        let name = self.name(name);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .take(MOST_COOKIES)
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
            .filter(|value| !value.is_empty() && value.len() <= MOST_BYTES)
            .map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(headers: &[&str]) -> HeaderMap {
        headers
            .iter()
            .map(|value| (header::COOKIE, HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    #[test]
    fn they_are_secure_wherever_browsers_allow_it() {
        for url in [
            "https://vault.example.org",
            "http://localhost:8000/",
            "http://127.0.0.1:8000",
            "http://[::1]:8000/",
        ] {
            assert!(SessionCookies::for_public_url(url).secure, "{url}");
        }
        for url in [
            "http://nas.home:8000",
            "http://localhost.example.org",
            "http://192.168.1.4/",
            "",
        ] {
            assert!(!SessionCookies::for_public_url(url).secure, "{url}");
        }
    }

    #[test]
    fn scripts_and_other_sites_do_not_get_them() {
        let [access, refresh] =
            SessionCookies::for_public_url("https://vault.test").both("a.b.c", "dvr_x", 60);
        assert_eq!(
            access.to_str().unwrap(),
            "__Host-docuvault-access=a.b.c; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(
            refresh
                .to_str()
                .unwrap()
                .starts_with("__Host-docuvault-refresh=dvr_x; ")
        );
        assert!(access.is_sensitive() && refresh.is_sensitive());
    }

    #[test]
    fn plain_http_gets_names_that_browsers_take_there() {
        let [access, _] = SessionCookies::for_public_url("http://nas.home").both("a", "b", 60);
        let access = access.to_str().unwrap();
        assert!(access.starts_with("docuvault-access=a; "), "{access}");
        assert!(!access.contains("Secure"), "{access}");
    }

    #[test]
    fn clearing_names_the_same_cookies() {
        let cookies = SessionCookies::for_public_url("https://vault.test");
        for (set, clear) in cookies.both("a", "b", 60).iter().zip(cookies.clear()) {
            let name = |value: &HeaderValue| {
                let text = value.to_str().unwrap();
                text.split('=').next().unwrap().to_owned()
            };
            assert_eq!(name(set), name(&clear));
            assert!(clear.to_str().unwrap().contains("=; Path=/; Max-Age=0; "));
        }
    }

    #[test]
    fn they_are_found_among_others_and_in_several_headers() {
        let cookies = SessionCookies::for_public_url("https://vault.test");
        let presented = cookies.read(&sent(&[
            "theme=dark; __Host-docuvault-access=one; docuvault-refresh=not-this",
            "__Host-docuvault-refresh=two;x",
        ]));
        assert_eq!(presented.access.as_deref(), Some("one"));
        assert_eq!(presented.refresh.as_deref(), Some("two"));
    }

    #[test]
    fn what_was_set_is_read_again() {
        for url in ["https://vault.test", "http://nas.home"] {
            let cookies = SessionCookies::for_public_url(url);
            let set = cookies.both("a.b-c_d", "dvr_x", 60);
            let pair = |value: &HeaderValue| {
                let text = value.to_str().unwrap();
                text.split(';').next().unwrap().to_owned()
            };
            let header = format!("{}; {}", pair(&set[0]), pair(&set[1]));
            let presented = cookies.read(&sent(&[&header]));
            assert_eq!(presented.access.as_deref(), Some("a.b-c_d"));
            assert_eq!(presented.refresh.as_deref(), Some("dvr_x"));
        }
    }

    #[test]
    fn rubbish_is_nobody() {
        let cookies = SessionCookies::for_public_url("https://vault.test");
        let long = format!("__Host-docuvault-access={}", "a".repeat(MOST_BYTES + 1));
        let many = format!("{}__Host-docuvault-access=a", "x=y;".repeat(MOST_COOKIES));
        for header in [
            "",
            ";;;",
            "__Host-docuvault-access",
            "__Host-docuvault-access=",
            &long,
            &many,
        ] {
            assert_eq!(
                cookies.read(&sent(&[header])),
                Presented::default(),
                "{header}"
            );
        }
    }

    #[test]
    fn an_answer_that_says_nothing_of_the_session_is_told_apart() {
        let cookies = SessionCookies::for_public_url("https://vault.test");
        let answer = |cookies: &[HeaderValue]| -> HeaderMap {
            let cookies = cookies.iter().cloned();
            cookies.map(|value| (header::SET_COOKIE, value)).collect()
        };
        assert!(!cookies.are_in(&HeaderMap::new()));
        for what in Kept::ALL {
            assert!(!cookies.are_in(&answer(&[cookies.keep(what, "dva_abc")])));
        }
        assert!(cookies.are_in(&answer(&cookies.both("a", "b", 60))));
        assert!(cookies.are_in(&answer(&cookies.clear())));
    }

    #[test]
    fn what_is_kept_is_found_until_it_is_forgotten() {
        let cookies = SessionCookies::for_public_url("https://vault.test");
        for what in Kept::ALL {
            let set = cookies.keep(what, "dva_abc");
            assert!(set.to_str().unwrap().contains("HttpOnly"), "{what:?}");
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            for other in Kept::ALL {
                let found = cookies.kept(other, &sent(&[pair]));
                assert_eq!(found.is_some(), other == what, "{what:?} as {other:?}");
            }
            let forget = cookies.forget(what);
            let pair = forget.to_str().unwrap().split(';').next().unwrap();
            assert_eq!(cookies.kept(what, &sent(&[pair])), None);
        }
    }

    proptest::proptest! {
        /// What a browser sends is read, and never as more than stands there.
        #[test]
        fn any_cookies_are_read(header in "((__Host-)?docuvault-(access|refresh|typed)=?[a-z.;= \",]{0,9}; ?|[\\x20-\\x7e]{0,20};){0,6}", bytes: Vec<u8>) {
            for url in ["https://vault.example.org", "http://192.0.2.1"] {
                let cookies = SessionCookies::for_public_url(url);
                let mut headers = sent(&[&header]);
                if let Ok(any) = HeaderValue::from_bytes(&bytes) {
                    headers.append(header::COOKIE, any);
                }
                for name in [ACCESS, REFRESH] {
                    if let Some(value) = cookies.value(&headers, name) {
                        proptest::prop_assert!(!value.is_empty() && !value.contains(';') && header.contains(&value));
                    }
                }
            }
        }
    }
}
