# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/example/toy" {
  version     = "1.2.3"
  constraints = "~> 1.2"
  hashes = [
    "h1:g07nRAbABWnIHuE4zl8sXoCI0060kTue0ZOKT7Xmqu0=",
  ]
}
