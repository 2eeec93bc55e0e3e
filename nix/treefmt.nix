# What `nix fmt` formats. Rust as `cargo fmt` does.
{ pkgs, ... }:
{
  projectRootFile = "flake.nix";
  programs.nixfmt.enable = true;
  # The same form, without a Haskell compiler.
  programs.nixfmt.package = pkgs.nixfmt-rs;
  programs.rustfmt.enable = true;
  programs.rustfmt.edition = "2024";
}
