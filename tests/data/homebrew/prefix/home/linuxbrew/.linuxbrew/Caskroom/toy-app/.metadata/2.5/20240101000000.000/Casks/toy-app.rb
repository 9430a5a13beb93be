cask "toy-app" do
  version "2.5"
end
