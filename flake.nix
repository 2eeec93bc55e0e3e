{
  description = "DocuVault: a self-hosted, multi-user document vault";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    crane.url = "github:ipetkov/crane";
    treefmt-nix.url = "github:numtide/treefmt-nix";
    treefmt-nix.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    inputs@{ self, nixpkgs, ... }:
    let
      inherit (nixpkgs) lib;
      pins = import ./nix/pins.nix { inherit lib; };
      forEach = lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
      ];
      # Everything of one system. Nothing here is looked at before it is asked for.
      systems = forEach (system: rec {
        pkgs = import nixpkgs {
          inherit system;
          config.allowInsecurePredicate = import ./nix/insecure.nix;
        };
        rust = import ./nix/packages.nix {
          inherit lib pkgs pins;
          inherit (inputs) crane;
        };
        images = import ./nix/images.nix {
          inherit lib pkgs;
          inherit (rust) server worker;
          inherit (pins) version;
          revision = self.rev or self.dirtyRev or "unknown";
        };
        treefmt = (inputs.treefmt-nix.lib.evalModule pkgs ./nix/treefmt.nix).config.build;
      });
      each = output: forEach (system: output systems.${system});
    in
    {
      packages = each (
        here: here.rust.packages // lib.mapAttrs' (n: lib.nameValuePair "image-${n}") here.images
      );
      apps = each (here: import ./nix/apps.nix { inherit (here) pkgs images; });
      devShells = each (here: {
        default = import ./nix/devshell.nix (here // { inherit pins; });
      });
      checks = each (here: import ./nix/checks.nix (here // { inherit lib self; }));
      formatter = each (here: here.treefmt.wrapper);
      nixosModules = {
        default = import ./nix/module.nix self;
        local-services = ./nix/local-services.nix;
      };
    };
}
