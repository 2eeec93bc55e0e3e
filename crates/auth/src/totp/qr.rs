//! A QR code as a picture that can stand in a page as it is.

use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::{self, Write};

/// The standard asks for four empty modules on every side.
const QUIET_ZONE: i32 = 4;

/// A QR code, drawn: dark modules on a bright square with so many modules to a side.
#[derive(Clone)]
pub struct Qr {
    /// How long a side is, the empty modules around the code included.
    pub side: i32,
    /// The dark modules, as the `d` of an SVG's `path`.
    pub path: String,
}

/// Draws a text as a QR code; `None` when it is too long for one (more than about two thousand
/// characters).
pub fn qr(uri: &str) -> Option<Qr> {
    let code = QrCode::encode_text(uri, QrCodeEcc::Medium).ok()?;
    Some(Qr {
        side: code.size() + 2 * QUIET_ZONE,
        path: path(&code),
    })
}

impl Qr {
    /// An SVG without script or style, black on white whatever the page's colours are, since many apps
    /// can't read it the other way round.
    pub fn svg(&self) -> String {
        let Self { side, path } = self;
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" shape-rendering="crispEdges"><title>QR code for your authenticator app</title><rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d="{path}"/></svg>"##,
        )
    }
}

/// What it says is a secret.
impl fmt::Debug for Qr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Qr(redacted)")
    }
}

/// One rectangle for each run of dark modules in a row.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size())
                .take_while(|x| code.get_module(*x, y))
                .count() as i32;
            if run > 0 {
                // Writing to a string can't fail.
                let _ = write!(
                    path,
                    "M{} {}h{run}v1h-{run}z",
                    x + QUIET_ZONE,
                    y + QUIET_ZONE
                );
            }
            x += run + 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rqrr::PreparedImage;

    fn attribute<'a>(svg: &'a str, name: &str) -> &'a str {
        let rest = svg.split_once(&format!(" {name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0
    }

    /// Draws the SVG, four pixels to a module, and reads it as a phone would.
    fn scan(svg: &str) -> String {
        let side: usize = attribute(svg, "viewBox")
            .rsplit(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let mut dark = vec![vec![false; side]; side];
        for run in attribute(svg, "d").split('M').skip(1) {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (length, _) = rest.split_once('v').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            dark[y][x..x + length.parse::<usize>().unwrap()].fill(true);
        }
        let pixel = |x: usize, y: usize| if dark[y / 4][x / 4] { 0 } else { 255 };
        let mut image = PreparedImage::prepare_from_greyscale(side * 4, side * 4, pixel);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn an_app_reads_what_was_drawn() {
        let uri =
            "otpauth://totp/DocuVault:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=DocuVault";
        assert_eq!(scan(&qr(uri).unwrap().svg()), uri);
    }

    #[test]
    fn the_picture_is_plain_and_named() {
        let code = qr("otpauth://totp/x?secret=\"><script>").unwrap();
        assert_eq!(format!("{code:?}"), "Qr(redacted)");
        let svg = code.svg();
        assert!(svg.starts_with("<svg "));
        assert!(svg.contains("<title>QR code for your authenticator app</title>"));
        for word in ["script", "style", "currentColor", "href", "otpauth"] {
            assert!(!svg.contains(word), "{word}");
        }
    }

    #[test]
    fn too_long_a_text_has_no_picture() {
        assert!(qr(&"x".repeat(2000)).is_some());
        assert!(qr(&"x".repeat(3000)).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn whatever_fits_is_read_back(text in "[a-zA-Z0-9:/?&=%._-]{1,300}") {
            prop_assert_eq!(scan(&qr(&text).unwrap().svg()), text);
        }
    }
}
