"""Convert texts to their standards with the usual libraries. No reason quotes a value: it may be personal, or in the wrong column."""

import re
from collections.abc import Callable
from functools import lru_cache

import phonenumbers
import pycountry
from babel.numbers import get_currency_name, list_currencies
from email_validator import EmailNotValidError, validate_email

from tillstream.core.errors import TerminalError
from tillstream.core.text_standard import text

#: Region of a telephone number without a country code.
HOME_REGION = "US"
#: Local part of nearly all e-mail addresses; email-validator does not change it.
_PLAIN_NAME = re.compile(r"[a-z0-9]+(?:[._+-][a-z0-9]+){0,20}", re.ASCII)
#: A number that a program has read and written as a decimal. libphonenumber would take the 0 behind the point for another digit.
_FRACTION = re.compile(r"[^.,]*\d[.,]0{1,2}")
#: Country names that no library has.
_COUNTRIES = {"usa": "US", "u.s.a.": "US", "uk": "GB", "england": "GB"}


class NotStandardError(TerminalError):
    """A value that cannot be converted to its standard or type. The message is the reason, without the value."""


def phone(value: str) -> str:
    """Convert a telephone number to E.164 with libphonenumber."""
    digits = text(value)
    if any(c.isalpha() for c in digits.removeprefix("tel:")):
        # libphonenumber reads letters as keys of a telephone, or drops the text around the number.
        raise NotStandardError("not a telephone number alone: it has letters")
    if _FRACTION.fullmatch(digits):
        raise NotStandardError("a number with a fraction: a spreadsheet or a program has changed its digits")
    try:
        # The international prefix is 00 in most countries, and 011 in the home region.
        number = phonenumbers.parse("+" + digits[2:].lstrip() if digits.startswith("00") else digits, HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise NotStandardError("not a telephone number") from error
    if number.extension:
        raise NotStandardError("a telephone number with an extension, for which its standard has no place")
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise NotStandardError("not a possible telephone number with its area")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def email(value: str) -> str:
    """Normalise an e-mail address with email-validator, in lower case. It is not checked whether mail can be delivered."""
    address = text(value)
    name, at, domain = address.rpartition("@")
    if at and len(name) <= 64 and len(address) <= 200 and _PLAIN_NAME.fullmatch(name) and _is_normalised(domain):
        return address
    return _normalised(address)


def _normalised(address: str) -> str:
    try:
        return str(validate_email(address, check_deliverability=False, test_environment=True).normalized).lower()
    except EmailNotValidError as error:
        raise NotStandardError("not an e-mail address") from error


@lru_cache(maxsize=10_000)
def _is_normalised(domain: str) -> bool:
    """Return whether addresses of a domain need no change. email-validator takes 40 µs for an address, nearly all of it for the domain."""
    try:
        return _normalised(f"a@{domain}") == f"a@{domain}"
    except NotStandardError:
        return False


@lru_cache
def _country_names() -> dict[str, str]:
    """Return the country code by each name and code. pycountry's own search scans all countries for each unknown name."""
    names = {str(value).lower(): str(country.alpha_2) for country in pycountry.countries for _, value in country}
    codes = {str(code).lower(): str(country.alpha_2) for country in pycountry.countries for code in (country.alpha_2, country.alpha_3)}
    return names | codes | _COUNTRIES


def country(value: str) -> str:
    """Convert a country to ISO 3166-1 alpha-2."""
    if code := _country_names().get(text(value).lower()):
        return code
    raise NotStandardError("no country")


@lru_cache
def _currency_names() -> dict[str, str]:
    return {get_currency_name(code, locale="en").lower(): code for code in list_currencies("en")} | {
        code.lower(): code for code in list_currencies()
    }


def currency(value: str) -> str:
    """Convert a currency to ISO 4217."""
    if code := _currency_names().get(text(value).lower()):
        return code
    raise NotStandardError("no currency")


def department(value: str) -> str:
    """Convert a department to our own names, which are in capitals."""
    return text(value).upper()


#: For each standard, the name of its rule in lake.quality.results and the function that converts. Dates and times have their standard in
#: their type.
STANDARDS: dict[str | None, tuple[str, Callable[[str], str]]] = {
    "text": ("trimmed Unicode", text),
    "phone": ("telephone to E.164", phone),
    "email": ("e-mail normalised", email),
    "country": ("country to ISO 3166-1", country),
    "currency": ("currency to ISO 4217", currency),
    "department": ("department mapped", department),
    "upper": ("capitals", department),
}
