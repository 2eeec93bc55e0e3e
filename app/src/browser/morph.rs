//! Turns the page that is shown into the one that came, and leaves alone what has not changed: the
//! focus, what is being typed, what is ticked or open, a frame that has loaded.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlOptionElement, HtmlTextAreaElement, Node, NodeList};

/// Gives `old` the attributes and children of `new`.
pub(super) fn element(old: &Element, new: &Element) {
    if old.has_attribute("data-kept") && new.has_attribute("data-kept") {
        return;
    }
    attributes(old, new);
    if let Some(area) = old.dyn_ref::<HtmlTextAreaElement>() {
        text_area(area, &new.text_content().unwrap_or_default());
    } else {
        children(old, new);
    }
}

/// What somebody typed stays until the page itself says something else.
fn text_area(old: &HtmlTextAreaElement, new: &str) {
    if old.text_content().unwrap_or_default() != new {
        old.set_text_content(Some(new));
        old.set_value(new);
    }
}

/// Gives `old` the children of `new`.
pub(super) fn children(old: &Node, new: &Node) {
    let mut place = old.first_child();
    for wanted in nodes(&new.child_nodes()) {
        if wanted.dyn_ref::<Element>().is_some() {
            place = past_marks(old, place);
        }
        match find(place.as_ref(), &wanted) {
            Some(same) => {
                if place
                    .as_ref()
                    .is_some_and(|place| place.is_same_node(Some(&same)))
                {
                    place = same.next_sibling();
                } else {
                    let _ = old.insert_before(&same, place.as_ref());
                }
                node(&same, &wanted);
            }
            None => {
                let _ = old.insert_before(&adopted(old, wanted), place.as_ref());
            }
        }
    }
    while let Some(left) = place {
        place = left.next_sibling();
        let _ = old.remove_child(&left);
    }
}

/// The next element. What stands before it is text, or a mark that rendering left where something may
/// come: it goes, or else an element after it would not be known again.
fn past_marks(parent: &Node, mut place: Option<Node>) -> Option<Node> {
    while let Some(mark) = place
        .as_ref()
        .filter(|node| !node.is_instance_of::<Element>())
    {
        let next = mark.next_sibling();
        let _ = parent.remove_child(mark);
        place = next;
    }
    place
}

/// Takes the place of everything in `old`.
pub(super) fn replace(old: &Element, new: &Element) {
    attributes(old, new);
    old.set_text_content(None);
    for child in nodes(&new.child_nodes()) {
        let _ = old.append_child(&adopted(old, child));
    }
}

/// As a list that does not change while its nodes move.
fn nodes(list: &NodeList) -> Vec<Node> {
    (0..list.length()).filter_map(|at| list.get(at)).collect()
}

fn adopted(here: &Node, node: Node) -> Node {
    here.owner_document()
        .and_then(|document| document.adopt_node(&node).ok())
        .unwrap_or(node)
}

fn node(old: &Node, new: &Node) {
    match (old.dyn_ref::<Element>(), new.dyn_ref::<Element>()) {
        (Some(old), Some(new)) => element(old, new),
        _ => {
            if old.node_value() != new.node_value() {
                old.set_node_value(new.node_value().as_deref());
            }
        }
    }
}

/// The node that is to become `wanted`: the one with its key, wherever it stands; without a key, the
/// one whose turn it is, if it is of the same kind and has no key either.
fn find(place: Option<&Node>, wanted: &Node) -> Option<Node> {
    let Some(key) = key_of(wanted) else {
        return place
            .filter(|place| same_kind(place, wanted) && key_of(place).is_none())
            .cloned();
    };
    let mut next = place.cloned();
    while let Some(node) = next {
        if same_kind(&node, wanted) && key_of(&node).as_ref() == Some(&key) {
            return Some(node);
        }
        next = node.next_sibling();
    }
    None
}

fn same_kind(one: &Node, other: &Node) -> bool {
    one.node_type() == other.node_type() && one.node_name() == other.node_name()
}

fn key_of(node: &Node) -> Option<String> {
    let element = node.dyn_ref::<Element>()?;
    element
        .get_attribute("data-key")
        .or_else(|| element.get_attribute("id"))
}

fn attributes(old: &Element, new: &Element) {
    for name in names(old) {
        if !new.has_attribute(&name) && !is_visitors(old, &name) {
            let _ = old.remove_attribute(&name);
            take_effect(old, &name, None);
        }
    }
    for name in names(new) {
        let value = new.get_attribute(&name);
        if value != old.get_attribute(&name) {
            let _ = old.set_attribute(&name, value.as_deref().unwrap_or_default());
            take_effect(old, &name, value.as_deref());
        }
    }
}

fn names(element: &Element) -> Vec<String> {
    element
        .get_attribute_names()
        .iter()
        .filter_map(|name| name.as_string())
        .collect()
}

/// What a visitor opened stays open.
fn is_visitors(element: &Element, name: &str) -> bool {
    name == "open" && matches!(element.tag_name().as_str(), "DETAILS" | "DIALOG")
}

/// Once somebody has touched a field, browsers ignore these attributes.
fn take_effect(element: &Element, name: &str, value: Option<&str>) {
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        match name {
            "value" if input.type_() != "file" => input.set_value(value.unwrap_or_default()),
            "checked" => input.set_checked(value.is_some()),
            _ => {}
        }
    } else if let (Some(option), "selected") = (element.dyn_ref::<HtmlOptionElement>(), name) {
        option.set_selected(value.is_some());
    }
}
