# The same as `python3 dev.py …`; more words go into ARGS: make test ARGS="-x tests/guards"
run test networks check lock:
	@python3 dev.py $@ $(ARGS)

.PHONY: run test networks check lock
