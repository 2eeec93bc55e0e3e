# What other files pin, read from them: here nothing is written down a second time.
{ lib }:
let
  lock = builtins.fromTOML (builtins.readFile ../Cargo.lock);
  toolchain = builtins.fromTOML (builtins.readFile ../rust-toolchain.toml);
  manifest = builtins.fromTOML (builtins.readFile ../Cargo.toml);
  wasmBindgen = lib.findFirst (
    package: package.name == "wasm-bindgen"
  ) (throw "Cargo.lock names no wasm-bindgen.") lock.package;
in
{
  inherit (manifest.workspace.package) version;
  rust = toolchain.toolchain.channel;
  wasmBindgen = wasmBindgen.version;

  # nixpkgs' Rust, if it is the one of rust-toolchain.toml.
  checkRust =
    pkgs: value:
    lib.throwIf (pkgs.rustc.version != toolchain.toolchain.channel) ''
      nixpkgs has Rust ${pkgs.rustc.version}, rust-toolchain.toml asks for ${toolchain.toolchain.channel}.
      Move the one that is behind: `nix flake update nixpkgs`, or the channel in rust-toolchain.toml.
    '' value;

  # The command that joins wasm and browser: of the lockfile's version, to the patch.
  wasmBindgenCli =
    pkgs:
    let
      name = "wasm-bindgen-cli_${lib.replaceStrings [ "." ] [ "_" ] wasmBindgen.version}";
    in
    pkgs.${name} or (throw ''
      Cargo.lock has wasm-bindgen ${wasmBindgen.version}, and nixpkgs has no `${name}`.
      Update nixpkgs with `nix flake update nixpkgs`, or pin wasm-bindgen in Cargo.toml to a version it has.
    '');
}
