.PHONY: run test assets
run test:
	@./$@ $(ARGS)
assets:
	@.venv/bin/python tools/build_assets.py
