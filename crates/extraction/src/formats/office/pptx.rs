//! PowerPoint presentations: a page for each slide, in the order in which they are shown.

use super::super::{
    Content, Job,
    collect::{Flow, Pages},
};
use super::package::Package;
use super::relations::Relations;
use super::xml::Token;
use crate::Failure;

pub(in super::super) fn read(job: &Job) -> Result<Content, Failure> {
    let mut package = Package::open(job, "presentation")?;
    let relations = Relations::of(&mut package, "ppt", "presentation.xml")?;
    let most = usize::try_from(job.request.max_pages).unwrap_or(usize::MAX);
    let mut slides = Vec::new();
    let mut count = 0;
    package.walk_required("ppt/presentation.xml", |token| {
        if let Token::Open(element) = token
            && element.name() == "sldId"
        {
            count += 1;
            if slides.len() < most {
                slides.push(element.prefixed("id").unwrap_or_default());
            }
        }
        Flow::Continue(())
    })?;
    let mut pages = Pages::new(job);
    for slide in &slides {
        let target = relations.target(slide).unwrap_or_default();
        if !read_slide(&mut package, target, &mut pages)? {
            pages.miss();
        }
        if pages.left() == 0 || pages.turn().is_break() {
            break;
        }
    }
    Ok(pages.into_pages(count))
}

/// Writes a slide's text; false when the package lacks it.
fn read_slide(package: &mut Package, name: &str, pages: &mut Pages) -> Result<bool, Failure> {
    let (mut in_text, mut cells) = (false, 0_usize);
    package.walk(name, |token| {
        match token {
            Token::Open(element) => match element.name() {
                "t" => in_text = true,
                "br" => return pages.push("\n"),
                "tc" => cells += 1,
                _ => {}
            },
            Token::Text(text) if in_text => return pages.push(text),
            Token::Close("t") => in_text = false,
            Token::Close("p") => return pages.push(if cells > 0 { " " } else { "\n" }),
            Token::Close("tc") => {
                cells = cells.saturating_sub(1);
                return pages.push("\t");
            }
            Token::Close("tr") => return pages.push("\n"),
            _ => {}
        }
        Flow::Continue(())
    })
}
