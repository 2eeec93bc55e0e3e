# A machine with the module, and nothing else done to it: a document is uploaded and becomes ready.
{ pkgs, self }:
pkgs.testers.runNixOSTest {
  name = "docuvault";

  nodes.machine = {
    imports = [
      self.nixosModules.default
      self.nixosModules.local-services
    ];
    virtualisation.memorySize = 3072;
    services.docuvault = {
      enable = true;
      settings.PUBLIC_URL = "http://localhost:8000/";
    };
    environment.systemPackages = [
      pkgs.curl
      pkgs.jq
    ];
  };

  testScript = ''
    import json

    base = "http://localhost:8000"


    def call(path, arguments):
        return json.loads(machine.succeed(f"curl --silent --show-error --fail-with-body {arguments} {base}{path}"))


    machine.wait_for_unit("docuvault-server.service")
    machine.wait_for_unit("docuvault-worker.service")
    machine.wait_until_succeeds(f"curl --silent --fail {base}/health", timeout=60)

    with subtest("the first account, by the link that the command prints"):
        token = machine.succeed("docuvault setup-link").strip().split("token=")[1]
        account = {"token": token, "handle": "admin", "email": "admin@example.org", "password": "seven lamps on a quiet river"}
        machine.succeed(f"echo '{json.dumps(account)}' >/tmp/account.json")
        session = call("/api/auth/setup", "--json @/tmp/account.json")
        bearer = f"--header 'Authorization: Bearer {session['access_token']}'"

    with subtest("a document is read and filed"):
        machine.succeed("cp ${../samples/letter_electricity_contract.pdf} /tmp/letter.pdf")
        document = call("/api/documents/upload", f"{bearer} --form file=@/tmp/letter.pdf")
        path = f"/api/documents/{document['id']}"
        machine.wait_until_succeeds(
            f"curl --silent --fail {bearer} {base}{path} | jq --exit-status '.status == \"ready\"'", timeout=120
        )
        assert call(path, bearer)["extracted_text"].strip()

    with subtest("both processes live behind walls, and stop when they are asked to"):
        for unit in ["docuvault-server", "docuvault-worker"]:
            assert machine.succeed(f"systemctl show --value --property DynamicUser {unit}").strip() == "yes"
            machine.succeed(f"systemctl stop {unit}")
            assert machine.succeed(f"systemctl show --value --property Result {unit}").strip() == "success"
  '';
}
