# What goes beyond ./mvnw verify. Each target is a script that says more.
.PHONY: dist bench
dist: ## a tarball that starts without Maven or a JDK
	launcher/dist.sh
bench: ## Exeat beside its peers: bench/peers.sh fetches them first
	bench/peers.sh
	./exeat-bench
