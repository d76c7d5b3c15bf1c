# What goes beyond ./mvnw verify. Each target is a script that says more.
.PHONY: dist
dist: ## a tarball that starts without Maven or a JDK
	launcher/dist.sh
