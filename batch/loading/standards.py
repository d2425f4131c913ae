"""The standards of texts, by the trade's own libraries. No reason quotes the value: it may be personal, or stand in the wrong column."""

import re
from collections.abc import Callable
from functools import lru_cache

import phonenumbers
import pycountry
from babel.numbers import get_currency_name, list_currencies
from email_validator import EmailNotValidError, validate_email

from tillstream.core.errors import TerminalError
from tillstream.core.text_standard import text

#: Where a telephone number has no country of its own.
HOME_REGION = "US"
#: What stands before the @ in nearly all addresses; email-validator lets it pass as it is.
_PLAIN_NAME = re.compile(r"[a-z0-9]+(?:[._+-][a-z0-9]+){0,20}", re.ASCII)
#: A number that was read as one and written again: libphonenumber would take the nought behind its point for one more digit.
_FRACTION = re.compile(r"[^.,]*\d[.,]0{1,2}")
#: Names that no library has.
_COUNTRIES = {"usa": "US", "u.s.a.": "US", "uk": "GB", "england": "GB"}


class NotStandardError(TerminalError):
    """A value that cannot be brought to its standard or its type; the reason says why, without the value."""


def phone(value: str) -> str:
    """E.164, by libphonenumber."""
    digits = text(value)
    if any(c.isalpha() for c in digits.removeprefix("tel:")):
        # libphonenumber takes them for keys of a telephone, or leaves out what stands before them or behind.
        raise NotStandardError("not a telephone number alone: it has letters")
    if _FRACTION.fullmatch(digits):
        raise NotStandardError("a number with a fraction: a spreadsheet or a program has changed its digits")
    try:
        # From abroad people dial 00, from here 011.
        number = phonenumbers.parse("+" + digits[2:].lstrip() if digits.startswith("00") else digits, HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise NotStandardError("not a telephone number") from error
    if number.extension:
        raise NotStandardError("a telephone number with an extension, for which its standard has no place")
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise NotStandardError("not a possible telephone number with its area")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def email(value: str) -> str:
    """The address as email-validator normalises it, in lower case; whether it can be delivered to is not asked."""
    address = text(value)
    name, at, domain = address.rpartition("@")
    if at and len(name) <= 64 and len(address) <= 200 and _PLAIN_NAME.fullmatch(name) and _is_as_it_should_be(domain):
        return address
    return _normalised(address)


def _normalised(address: str) -> str:
    try:
        return str(validate_email(address, check_deliverability=False, test_environment=True).normalized).lower()
    except EmailNotValidError as error:
        raise NotStandardError("not an e-mail address") from error


@lru_cache(maxsize=10_000)
def _is_as_it_should_be(domain: str) -> bool:
    """Whether nothing has to be done to an address of the domain: email-validator takes 40 µs an address, nearly all for the domain."""
    try:
        return _normalised(f"a@{domain}") == f"a@{domain}"
    except NotStandardError:
        return False


@lru_cache
def _country_names() -> dict[str, str]:
    """Each country by all its names and codes: pycountry's own search goes through all of them for each name that it does not know."""
    names = {str(value).lower(): str(country.alpha_2) for country in pycountry.countries for _, value in country}
    codes = {str(code).lower(): str(country.alpha_2) for country in pycountry.countries for code in (country.alpha_2, country.alpha_3)}
    return names | codes | _COUNTRIES


def country(value: str) -> str:
    """ISO 3166-1 alpha-2."""
    if code := _country_names().get(text(value).lower()):
        return code
    raise NotStandardError("no country")


@lru_cache
def _currency_names() -> dict[str, str]:
    return {get_currency_name(code, locale="en").lower(): code for code in list_currencies("en")} | {
        code.lower(): code for code in list_currencies()
    }


def currency(value: str) -> str:
    """ISO 4217."""
    if code := _currency_names().get(text(value).lower()):
        return code
    raise NotStandardError("no currency")


def department(value: str) -> str:
    """The house's own names of departments are in capitals."""
    return text(value).upper()


#: Rule by standard: its name in lake.quality.results, and what does it. Days and times have their standard in their type.
STANDARDS: dict[str | None, tuple[str, Callable[[str], str]]] = {
    "text": ("trimmed Unicode", text),
    "phone": ("telephone to E.164", phone),
    "email": ("e-mail normalised", email),
    "country": ("country to ISO 3166-1", country),
    "currency": ("currency to ISO 4217", currency),
    "department": ("department mapped", department),
    "upper": ("capitals", department),
}
