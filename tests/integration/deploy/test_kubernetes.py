"""The manifests; `make lint-deploy` holds them against Kubernetes' own schemas."""

from typing import Any

import pytest
from integration.deploy.files import DEPLOY, last, read_yaml

FOLDER = DEPLOY / "kubernetes"
DEPLOYMENT = read_yaml(FOLDER / "daemon" / "deployment.yaml")
CRONJOB = read_yaml(FOLDER / "cronjob" / "cronjob.yaml")
PODS = {
    "daemon": DEPLOYMENT["spec"]["template"],
    "cronjob": CRONJOB["spec"]["jobTemplate"]["spec"]["template"],
}
pods = pytest.mark.parametrize("pod", [pod["spec"] for pod in PODS.values()], ids=PODS)


@pods
def test_a_pod_is_what_the_restricted_standard_asks_for(pod: dict[str, Any]) -> None:
    """<https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted>; the namespace enforces it."""
    namespace = read_yaml(FOLDER / "base" / "namespace.yaml")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert {next(kind for kind in volume if kind != "name") for volume in pod["volumes"]} <= {
        "persistentVolumeClaim",
        "configMap",
        "emptyDir",
    }


@pods
def test_a_pod_has_the_images_user_and_its_folders(pod: dict[str, Any]) -> None:
    context = pod["securityContext"]
    assert f"{context['runAsUser']}:{context['runAsGroup']}" == last("USER")
    assert context["fsGroup"] == context["runAsGroup"]
    (container,) = pod["containers"]
    places = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert places == {"database": last("VOLUME"), "lists": last("WORKDIR"), "tmp": "/tmp"}  # noqa: S108
    assert places.keys() == {volume["name"] for volume in pod["volumes"]}


@pods
def test_secrets_come_from_the_secret_and_only_the_token_has_to_be_there(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    for variable in container["env"]:
        reference = variable["valueFrom"]["secretKeyRef"]
        assert (reference["name"], reference["key"]) == ("linkwatch", variable["name"])
        assert reference.get("optional", False) is (variable["name"] == "YOUTUBE_API_KEY")


def test_there_is_one_daemon_and_it_is_asked_whether_it_lives_and_is_ready() -> None:
    assert DEPLOYMENT["spec"]["replicas"] == 1
    assert DEPLOYMENT["spec"]["strategy"] == {"type": "Recreate"}
    (container,) = PODS["daemon"]["spec"]["containers"]
    (port,) = container["ports"]
    assert str(port["containerPort"]) == last("EXPOSE")
    asked = {name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
    assert {name: (get["path"], get["port"]) for name, get in asked.items()} == {
        "startup": ("/healthz", port["name"]),
        "liveness": ("/healthz", port["name"]),
        "readiness": ("/readyz", port["name"]),
    }


def test_the_service_finds_the_daemon_and_no_check() -> None:
    service = read_yaml(FOLDER / "daemon" / "service.yaml")["spec"]
    assert service["selector"].items() <= PODS["daemon"]["metadata"]["labels"].items()
    assert not service["selector"].items() <= PODS["cronjob"]["metadata"]["labels"].items()
    (port,) = service["ports"]
    assert port["targetPort"] == PODS["daemon"]["spec"]["containers"][0]["ports"][0]["name"]


def test_checks_never_overlap_and_a_broken_link_is_not_asked_about_again() -> None:
    spec = CRONJOB["spec"]
    assert spec["concurrencyPolicy"] == "Forbid"
    assert spec["jobTemplate"]["spec"]["backoffLimit"] == 0
    assert PODS["cronjob"]["spec"]["restartPolicy"] == "Never"


@pytest.mark.parametrize("name", ["base", "daemon", "cronjob"])
def test_what_a_kustomization_names_is_there(name: str) -> None:
    kustomization = read_yaml(FOLDER / name / "kustomization.yaml")
    generated = [file for made in kustomization.get("configMapGenerator", []) for file in made["files"]]
    for named in [*kustomization["resources"], *generated]:
        assert (FOLDER / name / named).exists()
    others = {file.name for file in (FOLDER / name).iterdir()} - {"kustomization.yaml"}
    assert others <= {*kustomization["resources"], *generated}, "nothing lies there unused"


def test_what_the_pods_mount_is_made_by_the_base() -> None:
    base = read_yaml(FOLDER / "base" / "kustomization.yaml")
    claim = read_yaml(FOLDER / "base" / "database.yaml")
    assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]
    for pod in PODS.values():
        volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
        assert volumes["database"]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
        assert volumes["lists"]["configMap"]["name"] == base["configMapGenerator"][0]["name"]
