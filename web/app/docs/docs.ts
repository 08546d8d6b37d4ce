// The page of the REST API: the server's own OpenAPI document in a viewer that needs no other host.
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';

SwaggerUI({
  url: '/api/v1/openapi.json',
  domNode: document.getElementById('api'),
  deepLinking: true,
  // Otherwise a badge is asked for at another host.
  validatorUrl: null,
});
