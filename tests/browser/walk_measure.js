/* What walk_measure.py measures on one screen. One object; each function returns what is wrong, in words. */
({
    seen: e => {
        const box = e.getBoundingClientRect(), style = getComputedStyle(e);
        return box.width > 1 && box.height > 1 && box.right > 0 && style.visibility === 'visible'
            && !e.closest('[inert]') && e.checkVisibility({ opacityProperty: true, contentVisibilityAuto: true });
    },
    all(selector) { return [...document.querySelectorAll(selector)].filter(this.seen); },
    name: e => ((e.closest('[class*=st-key-]')?.className || '').match(/st-key-[\w-]+/)?.[0] || '') + ' '
        + e.tagName.toLowerCase() + ' “' + (e.innerText || e.getAttribute('aria-label') || '').trim().slice(0, 40) + '”',

    /* What is in sight, as one number: another size may show what was hidden, and hide what was shown. */
    shown() {
        let sum = 0;
        document.querySelectorAll('body *').forEach((e, at) => { if (e.checkVisibility()) sum = (sum * 31 + at) | 0; });
        return sum;
    },

    /* At rest after the size or the light has changed: what was set moving by that has arrived. */
    still() {
        document.body.getBoundingClientRect();
        const soon = one => one.effect.getComputedTiming().endTime <= 2000;
        return Promise.allSettled(document.getAnimations().filter(soon).map(one => one.finished)).then(() => true);
    },

    stands(textField) {
        const active = document.activeElement, app = document.querySelector('[data-testid=stApp]');
        return {
            h1: this.all('h1').length, lang: document.documentElement.lang, title: document.title,
            lost: !!app && this.seen(app) && (!active || active === document.body),
            moving: document.getAnimations().filter(one => one.playState === 'running'
                && one.effect.getComputedTiming().duration > 1).map(one => this.name(one.effect.target)),
            small_text: this.all('input:not([type=radio]):not([type=checkbox]):not([type=file]), textarea, select')
                .filter(e => parseFloat(getComputedStyle(e).fontSize) < textField).map(this.name),
        };
    },

    /* What is tapped: for a radio button its whole box, for a box to tick its label, for a field its frame. */
    small(target) {
        const frame = '[data-testid$=RootElement], [data-testid$=InputContainer], [data-testid=stDateInputField]';
        const whole = e => {
            if (e.matches('input[type=radio]')) return e.closest('[data-testid=stRadioGroup] > div') || e.closest('label');
            if (e.matches('input[type=checkbox]')) return e.closest('label') || e;
            return e.matches('input, textarea') ? e.closest(frame) || e : e;
        };
        const inSentence = e => e.matches('a') && getComputedStyle(e).display === 'inline'
            && e.parentElement.textContent.trim().length > e.textContent.trim().length;
        const skip = '[data-testid=stSkipToContent], [type=hidden], [type=file], [tabindex="-1"]';
        const tapped = 'button, a[href], summary, input, textarea, select, [role=tab], [role=button]';
        const found = [...document.querySelectorAll(tapped)].filter(e => !e.matches(skip) && !inSentence(e)).map(whole);
        return [...new Set(found)].filter(this.seen).map(e => [e, e.getBoundingClientRect()])
            .filter(([, box]) => box.width < target - 0.5 || box.height < target - 0.5)
            .map(([e, box]) => this.name(e) + ' ' + Math.round(box.width) + '×' + Math.round(box.height));
    },

    wide() {
        if (document.scrollingElement.scrollWidth <= innerWidth) return [];
        const right = e => e.getBoundingClientRect().right;
        return ['wider than ' + innerWidth, ...[...document.querySelectorAll('body *')]
            .filter(e => right(e) > innerWidth + 1).filter(this.seen).slice(-3)
            .map(e => this.name(e) + ' to ' + Math.round(right(e)))];
    },

    /* Text in a box that is too small for it and hides the rest. */
    cut() {
        const wide = e => e.scrollWidth > e.clientWidth + 2, high = e => e.clientHeight && e.scrollHeight > e.clientHeight + 4;
        const hides = overflow => overflow === 'hidden' || overflow === 'clip';
        return [...document.querySelectorAll('main *, .sheet *, .bar *')].filter(e => wide(e) || high(e)).filter(e => {
            const style = getComputedStyle(e);
            return (hides(style.overflowX) && wide(e)) || (hides(style.overflowY) && high(e));
        }).filter(e => !e.matches('input, textarea') && this.seen(e) && e.textContent.trim()).map(e => 'cut: ' + this.name(e)
            + ' ' + e.scrollWidth + '>' + e.clientWidth + ' ' + e.scrollHeight + '>' + e.clientHeight);
    },

    /* With colours forced, a choice that was made has to differ in more than a colour of the page's own. */
    forced() {
        const look = e => {
            const s = getComputedStyle(e);
            return [s.borderTopWidth, s.borderTopStyle, s.borderTopColor, s.outlineStyle, s.outlineWidth,
                s.backgroundColor, s.fontWeight].join(' ');
        };
        const bare = e => parseFloat(getComputedStyle(e).borderTopWidth) < 1, said = [];
        for (const kind of ['[data-testid=stRadioGroup] > div', '[data-testid=stCheckbox] label']) {
            const boxes = this.all(kind), picked = e => e.querySelector('input')?.checked;
            const alike = boxes.filter(picked).filter(e => boxes.some(rest => !picked(rest) && look(rest) === look(e)));
            said.push(...alike.map(e => 'picked looks like the rest: ' + this.name(e) + look(e)));
            said.push(...boxes.filter(bare).map(e => 'no border: ' + this.name(e)));
        }
        const buttons = '.bar button, .ways button, [data-testid^=stBaseButton-primary], [data-testid^=stBaseButton-secondary]';
        return [...said, ...this.all(buttons).filter(bare).map(e => 'no border: ' + this.name(e))];
    },
})
