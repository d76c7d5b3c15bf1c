# What goes beyond ./mvnw verify. Each target is a script that says more.
.PHONY: dist bench jmh leaks faults fuzz kube-golden
dist: ## a tarball that starts without Maven or a JDK
	launcher/dist.sh
bench: ## Exeat beside its peers: bench/peers.sh fetches them first
	bench/peers.sh
	./exeat-bench
jmh: ## the policy alone by JMH: ARGS="Decision -p rules=100000"
	bench/jmh.sh $(ARGS)
leaks: ## a hundred thousand connections of all kinds, after which nothing may be left
	./mvnw -B -q -pl it -am verify -Dit.test=LeaksIT -Dexeat.connections=100000 -Dtest=NoSuch -Dsurefire.failIfNoSpecifiedTests=false
faults: ## faults on real processes under load for two hours; docs/reliability.md
	./exeat-faults run --for 2h
fuzz: ## every parser against a second one: TARGET=hello INPUTS=1000000 SEED=1, or INPUT=file to feed one again
	testkit/fuzz.sh "target=$(TARGET)" "inputs=$(INPUTS)" "seed=$(SEED)" "input=$(INPUT)" "answers=$(ANSWERS)"
kube-golden: ## what a real API server answers to the kubectl commands of the tests, recorded anew
	it/kube-oracle/record.sh
