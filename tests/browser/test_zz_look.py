import sys, pytest
from pathlib import Path
from tests.browser.conftest import *
from tests.browser.test_officers import with_roles, Role
from tests.browser.pages import *
OUT = Path("/tmp/hrshots"); OUT.mkdir(exist_ok=True)
def shoot(page, name, full=True):
    for w in (360, 1280):
        for theme in ("light", "dark"):
            page.set_viewport_size({"width": w, "height": 800}); page.emulate_media(color_scheme=theme)
            page.wait_for_timeout(100)
            page.screenshot(path=str(OUT / f"{name}-{w}-{theme}.png"), full_page=full)
def test_look(house, window, watch):
    watch.allow(".*")
    hr, admin = house.hr_officer(), with_roles(house, house.administrator("Muhammad Abdurrahman Wahidin"), Role.TRAINER)
    learner = house.learner("Zahra Peraga"); house.pass_exam(learner)
    p = window(hr)
    p.on("dialog", lambda q: q.accept())
    p.goto("/hr/people"); shoot(p, "people")
    p.goto(f"/hr/people/{learner.id}"); shoot(p, "person")
    f = p.locator("article[id='MAN-KOM'] form").first; f.get_by_label("Alasan").fill(" "); f.get_by_role("button", name="Tolak").click()
    shoot(p, "person-problem", full=False)
    p.goto("/hr/people/new"); shoot(p, "new")
    p.locator("form").last.evaluate("f => f.noValidate = true")
    p.locator("#identifier").fill("12"); p.locator("#email").fill("x y"); p.get_by_role("button", name="Tambahkan").click() if p.get_by_role("button", name="Tambahkan").count() else p.locator("main form button").click()
    shoot(p, "new-problems")
    p.goto(f"/hr/people/{learner.id}"); Screen(p).press("Kode sekali pakai"); shoot(p, "code"); p.reload(); shoot(p, "code-again")
    p.goto("/hr/evidence"); p.get_by_role("button", name="Konfirmasi level yang dipilih").click(); shoot(p, "evidence", full=False)
    a = window(admin)
    a.goto("/hr/admin/settings"); shoot(a, "settings"); a.set_viewport_size({"width": 360, "height": 800}); a.goto("/hr/admin/settings"); a.screenshot(path=str(OUT / "rail.png")); a.locator(".topbar summary").click(); a.screenshot(path=str(OUT / "menu.png"))
    a.goto("/hr/admin/roles"); shoot(a, "roles", full=False)
    a.goto("/learn/"); a.locator(".topbar summary").click(); shoot(a, "adminlearn", full=False)
    l = window(learner); l.goto("/learn/profile"); shoot(l, "profile"); l.goto("/learn/"); shoot(l, "home")
    l.goto("/hr/"); shoot(l, "403", full=False); l.goto("/verify"); shoot(l, "verify", full=False); l.goto("/learn/courses/pelayanan-publik-prima"); shoot(l, "course", full=False)
    l.goto("/learn/account"); shoot(l, "account")
    g = window(); g.goto("/sign-in"); shoot(g, "signin", full=False)
