# DocuVault on NixOS without containers: `nixosModules.default`. Server, worker and migrations as systemd
# services without a fixed user; PostgreSQL, Redis and the object store are somebody else's, or those of
# `nixosModules.local-services`.
self:
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.services.docuvault;
  packages = self.packages.${pkgs.stdenv.hostPlatform.system};

  # The migrate role's address is for migrations alone (D-13).
  migrateUrl = "DATABASE_MIGRATE_URL";
  migrate = {
    settings = builtins.intersectAttrs {
      ${migrateUrl} = null;
      LOG = null;
      LOG_JSON = null;
    } cfg.settings;
    credentials = builtins.intersectAttrs { ${migrateUrl} = null; } cfg.credentials;
  };
  vault = {
    settings = removeAttrs cfg.settings [ migrateUrl ];
    credentials = removeAttrs cfg.credentials [ migrateUrl ];
  };

  missing = lib.filter (name: !(cfg.settings ? ${name} || cfg.credentials ? ${name})) [
    "DATABASE_URL"
    "DATABASE_MIGRATE_URL"
    "MINIO_ACCESS_KEY"
    "MINIO_ENDPOINT"
    "MINIO_SECRET_KEY"
    "REDIS_URL"
    "SECRET_KEY"
  ];

  # A credential is a file that only this service can read; the setting NAME_FILE names it.
  environment =
    given:
    lib.mapAttrs (_: lib.replaceStrings [ "%" ] [ "%%" ]) given.settings
    // lib.mapAttrs' (name: _: lib.nameValuePair "${name}_FILE" "%d/${name}") given.credentials;
  load = lib.mapAttrsToList (name: path: "${name}:${path}");

  # Wanted, not required: whatever is late is waited for by the processes themselves.
  afterMigrations = [ "docuvault-migrate.service" ];
  service =
    given: units: extra:
    lib.recursiveUpdate {
      after = [ "network-online.target" ] ++ cfg.after ++ units;
      wants = [ "network-online.target" ] ++ cfg.after ++ units;
      wantedBy = [ "multi-user.target" ];
      environment = environment given;
      serviceConfig = import ./walls.nix // {
        LoadCredential = load given.credentials;
      };
    } extra;

  running = {
    Type = "notify";
    User = "docuvault";
    Restart = "always";
    RestartSec = 2;
    # Both stop within ten seconds of being asked.
    TimeoutStopSec = 15;
    # A process that hangs is started anew.
    WatchdogSec = 60;
    TasksMax = 512;
  };

  # `docuvault setup-link`, `docuvault export nightly`: the server's commands with the vault's settings.
  command = pkgs.writeShellScriptBin "docuvault" ''
    set -eu
    unit="docuvault-command-$$"
    ${asArray "settings" (lib.mapAttrsToList (name: value: "${name}=${value}") vault.settings)}
    ${asArray "credentials" (load vault.credentials)}
    user=docuvault
    arguments=(
      --quiet --collect --wait --pipe --service-type=exec --unit="$unit"
      --property=DynamicUser=yes --property=PrivateTmp=yes --property=UMask=0077
    )
    case "''${1:-}" in
    export | import)
      # They own the tables, and work in the one folder that is theirs.
      user=docuvault-migrate
      ${asArray "settings+" (lib.mapAttrsToList (name: value: "${name}=${value}") migrate.settings)}
      ${asArray "credentials+" (load migrate.credentials)}
      arguments+=(
        --property=StateDirectory=docuvault-backup --property=StateDirectoryMode=0700
        --property=WorkingDirectory=/var/lib/docuvault-backup
      )
      ;;
    esac
    for setting in "''${settings[@]}"; do arguments+=("--setenv=$setting"); done
    for credential in "''${credentials[@]}"; do
      name="''${credential%%:*}"
      arguments+=(
        "--property=LoadCredential=$credential"
        "--setenv=''${name}_FILE=/run/credentials/$unit.service/$name"
      )
    done
    exec systemd-run --uid="$user" "''${arguments[@]}" ${lib.getExe cfg.server} "$@"
  '';
  asArray = name: values: "${name}=(${lib.escapeShellArgs values})";
in
{
  options.services.docuvault = {
    enable = lib.mkEnableOption "DocuVault, a document vault";

    server = mkOption {
      type = types.package;
      default = packages.server;
      defaultText = "the flake's server";
      description = "The web server.";
    };

    worker = mkOption {
      type = types.package;
      default = packages.worker;
      defaultText = "the flake's worker";
      description = "The worker.";
    };

    settings = mkOption {
      type = types.attrsOf types.str;
      default = { };
      example = {
        PUBLIC_URL = "https://vault.example.org/";
        TRUSTED_PROXIES = "127.0.0.1";
      };
      description = ''
        Settings, named as in `.env.example`. Everybody on the machine can read them: secrets belong in
        `credentials`.
      '';
    };

    credentials = mkOption {
      type = types.attrsOf types.str;
      default = { };
      example = {
        SECRET_KEY = "/etc/docuvault/secret-key";
        DATABASE_URL = "/etc/docuvault/database-url";
      };
      description = ''
        Settings that are secret: the file that holds each, which only root needs to be able to read.
        `DATABASE_MIGRATE_URL` is given to migrations alone.
      '';
    };

    after = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Units of this machine that the vault is started after.";
    };

    memoryMax = mkOption {
      type = types.str;
      default = "3G";
      description = "The most memory that the worker and what it starts may take.";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = missing == [ ];
        message = "services.docuvault needs ${toString missing}: secrets as a file in `credentials`, others in `settings`.";
      }
    ];

    # The kernel has them all: without one, nothing is read.
    services.docuvault.settings.SANDBOX = lib.mkDefault "required";
    environment.systemPackages = [ command ];
    # PDF files that don't bring their fonts are drawn with the machine's.
    fonts.fontconfig.enable = lib.mkOverride 900 true;

    systemd.services = {
      docuvault-migrate = service migrate [ ] {
        description = "DocuVault: bring the schema up to date";
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
          Restart = "on-failure";
          RestartSec = 5;
          User = "docuvault-migrate";
          ExecStart = "${lib.getExe cfg.server} migrate";
        };
      };

      docuvault-server = service vault afterMigrations {
        description = "DocuVault: web server";
        serviceConfig = running // {
          ExecStart = lib.getExe cfg.server;
          ProcSubset = "pid";
        };
      };

      docuvault-worker = service vault afterMigrations {
        description = "DocuVault: worker";
        serviceConfig = running // {
          ExecStart = lib.getExe cfg.worker;
          MemoryMax = cfg.memoryMax;
        };
      };
    };
  };
}
