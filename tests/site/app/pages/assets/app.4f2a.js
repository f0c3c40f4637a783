document.title = "ni_site";
